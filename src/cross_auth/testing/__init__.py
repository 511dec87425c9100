"""Prove that a storage keeps the contract: the suite and state machines that the library's own storages pass."""

try:
    import hypothesis
    import pytest
    import time_machine
except ImportError as error:
    raise ImportError(
        "cross_auth.testing needs the testing extra: pip install 'cross-auth-sessions[testing]'"
    ) from error

if not __debug__:
    raise ImportError("cross_auth.testing checks by assert statements: run Python without -O")

pytest.register_assert_rewrite(  # so that a failure shows what was found
    *(f"cross_auth.testing._{tests}_tests" for tests in ("contract", "index", "index_ttl", "ttl", "value"))
)

from cross_auth.testing._clock import FakeClock  # noqa: E402  after the rewrite is asked for
from cross_auth.testing._concurrency import check_async_concurrency, check_concurrency  # noqa: E402
from cross_auth.testing._contract import AsyncStorageContract, StorageContract  # noqa: E402
from cross_auth.testing._storage_machine import async_storage_machine, storage_machine  # noqa: E402
from cross_auth.testing._user_machine import async_session_machine, session_machine  # noqa: E402

__all__ = [
    "AsyncStorageContract",
    "FakeClock",
    "StorageContract",
    "async_session_machine",
    "async_storage_machine",
    "check_async_concurrency",
    "check_concurrency",
    "session_machine",
    "storage_machine",
]

del hypothesis, pytest, time_machine
