"""The storages that come with the library, one module a backend, and what opens one by its URL."""

from cross_auth.storage._open import ClosableStorage, open_storage

__all__ = ["ClosableStorage", "open_storage"]
