"""The storages that come with the library, one module a backend, and what opens one by its URL."""

from cross_auth._protocols import AsyncClosableStorage, ClosableStorage
from cross_auth.storage._open import open_async_storage, open_storage

__all__ = ["AsyncClosableStorage", "ClosableStorage", "open_async_storage", "open_storage"]
