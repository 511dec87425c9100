"""The showcase on the servers that not every machine has."""

from collections.abc import Iterator

import pytest

from tests.examples.showcase_program import running
from tests.examples.test_showcase import (
    browser,
    test_a_handle_is_no_cookie,
    test_changes_are_told,
    test_every_kind_of_entry_is_shown,
    test_no_page_holds_an_id,
    test_own_entries_are_marked,
    test_time_that_is_left_is_shown,
)
from tests.servers import mariadb_server, redis_server
from tests.servers.redis_cluster import RedisCluster
from tests.storages import MARIADB, skip_where

__all__ = [
    "browser",
    "test_a_handle_is_no_cookie",
    "test_changes_are_told",
    "test_every_kind_of_entry_is_shown",
    "test_no_page_holds_an_id",
    "test_own_entries_are_marked",
    "test_time_that_is_left_is_shown",
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    servers = RedisCluster()
    yield servers.nodes[0].url.replace("redis:", "redis+cluster:")
    servers.stop()


@pytest.fixture(scope="module")
def mariadb() -> str:
    return mariadb_server.shared_url()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("cluster", marks=skip_where("Redis Cluster", redis_server.missing())),
        pytest.param("mariadb", marks=MARIADB.skip),
    ],
)
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    with running(request.getfixturevalue(request.param)) as url:
        yield url
