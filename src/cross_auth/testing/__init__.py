"""Prove that a storage keeps the contract: the suite and state machines that the library's own storages pass."""

try:
    import hypothesis
    import pytest
    import time_machine
except ImportError as error:
    raise ImportError(
        "cross_auth.testing needs the testing extra: pip install 'cross-auth-sessions[testing]'"
    ) from error

from cross_auth.testing._clock import FakeClock
from cross_auth.testing._contract import StorageContract
from cross_auth.testing._session_machine import session_machine
from cross_auth.testing._storage_machine import storage_machine

__all__ = ["FakeClock", "StorageContract", "session_machine", "storage_machine"]

del hypothesis, pytest, time_machine
