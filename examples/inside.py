"""What a storage holds, read with its backend's own client: for the showcase, which lets you look.

No storage can list everything, since no application needs that, so this reaches behind each; it never writes.
"""
# ruff: noqa: SLF001  to look behind the contract is all that this file is for

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from math import inf
from time import time
from typing import Any, NamedTuple

KINDS = {
    "session": "The record of a session, written once. The key ends in the SHA-256 of its id.",
    "alive": "When a session was last used, for its idle limit. It may stay after its session, and opens nothing.",
    "next": "What an unlock put in the place of a session, so that a log-out of the old one still ends the new one.",
    "user": "The sessions of a user, for the list of devices. The key ends in the SHA-256 of their name.",
    "unlocked": "What this site itself keeps beside a session: that it has opened the recovery codes.",
}
LIMIT = 100  # of values, and of the members of sets
_SCANNED = 100_000  # keys of a Redis, which may hold millions that are none of ours
_NEVER = 2**63 - 1  # how the tables write that a row does not expire


class Entry(NamedTuple):
    """A value, or one member of a set, and how many seconds it has left; ``inf`` is without end."""

    key: str
    value: str
    left: float

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]


async def look(storage: Any, first: Sequence[str] = ()) -> list[Entry] | None:
    """Return what is under some keys, then a part of what else there is; ``None`` for a storage of an unknown kind."""
    read = _READERS.get(name(storage))  # by name: what a class is imported from may not be installed
    if read is None:
        return None
    entries = [entry for entry in await read(_sync(storage), first) if entry.kind in KINDS]
    found = {(entry.key, entry.value): entry for entry in entries}.values()
    return sorted(found, key=lambda entry: entry.key not in first)[: 2 * LIMIT]


def name(storage: Any) -> str:
    return type(_sync(storage)).__name__


def _sync(storage: Any) -> Any:
    return getattr(storage, "_storage", storage)  # of one that has no async form of its own, or is one in memory


async def _memory(storage: Any, first: Sequence[str]) -> Iterable[Entry]:
    now = time()
    found = [Entry(key, entry.value or "", entry - now) for key, entry in storage._entries.copy().items()]
    found += [Entry(member.key, member.text, member - now) for member in storage._sets.all()]
    return nsmallest(2 * LIMIT, found, key=lambda entry: (entry.key not in first, -entry.left))


async def _redis(storage: Any, first: Sequence[str]) -> list[Entry]:
    client, prefix = storage._client, storage._prefix

    async def read(command: str) -> list[Entry]:
        names = [prefix + key for key in first] + await _scan(client, prefix)
        return [Entry(name.removeprefix(prefix), *held) for name in names for held in await _held(client, name)]

    return list(await storage._run(read, "SCAN"))  # which words what the client raises


async def _scan(client: Any, prefix: str) -> list[str]:
    found: list[str] = []
    scanned = 0
    async for each in client.scan_iter(count=1000):
        name, scanned = _text(each), scanned + 1
        if name.startswith(prefix) and name.removeprefix(prefix).partition(":")[0] in KINDS:
            found.append(name)
        if len(found) == LIMIT or scanned == _SCANNED:
            break
    return found


async def _held(client: Any, name: str) -> list[tuple[str, float]]:
    """Return the value of a Redis key, or the members of its set; nothing where it has just gone."""
    kind = await client.type(name)
    if kind in (b"zset", "zset"):
        members = await client.zrange(name, 0, LIMIT - 1, desc=True, withscores=True)
        return [(_text(member), score / 1000 - time()) for member, score in members]
    value, left = (await client.get(name), await client.pttl(name)) if kind in (b"string", "string") else (None, 0)
    return [] if value is None else [(_text(value), left / 1000 if left >= 0 else inf)]


def _text(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value  # what is not ours may be no text


async def _postgres(storage: Any, first: Sequence[str]) -> Iterable[Entry]:
    found: list[tuple[str, str, int]] = []
    for statement, keys in _statements([table.name for table in storage._statements.tables], first, "%s"):
        # In one row, which is what the storage takes, with all that it does where the server is lost.
        in_one_row = f"SELECT json_agg(json_build_array(key, text, ends)) FROM ({statement}) r"  # noqa: S608  no texts
        (rows,) = await storage._ask(in_one_row.encode(), *keys)
        found += rows or []
    return map(_entry, found)


async def _sqlite(storage: Any, first: Sequence[str]) -> Iterable[Entry]:
    def read() -> list[tuple[str, str, int]]:
        asked = _statements(("cross_auth_storage", "cross_auth_storage_members"), first, "?")
        return [row for statement, keys in asked for row in storage._connections.rows(statement, keys)]

    return map(_entry, await asyncio.to_thread(read))


def _statements(tables: Sequence[str], first: Sequence[str], mark: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return what is asked of the table of values and of that of members, with the texts in place of its marks."""
    for table, column in zip(tables, ("value", "member"), strict=True):
        columns = f"SELECT key, {column} AS text, expires_at AS ends FROM {table}"  # noqa: S608  names, no texts
        if first:
            yield f"{columns} WHERE key IN ({', '.join([mark] * len(first))}) LIMIT {LIMIT}", tuple(first)
        yield f"{columns} ORDER BY expires_at DESC LIMIT {LIMIT}", ()


async def _sqlalchemy(storage: Any, first: Sequence[str]) -> Iterable[Entry]:
    from sqlalchemy import select  # here: only a storage that has it comes so far

    def read() -> list[Any]:
        found: list[Any] = []
        for table in storage._records.tables:
            rows = select(*table.c).limit(LIMIT)  # a key, a value or a member, and when it ends
            for asked in (rows.where(table.c.key.in_(first)), rows.order_by(table.c.expires_at.desc())):
                found += storage._records._run(lambda connection, asked=asked: connection.execute(asked).all())
        return found

    return map(_entry, await asyncio.to_thread(read))


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(row[0], row[1], inf if row[2] == _NEVER else row[2] / 1_000_000 - time())


_READERS = {
    "MemoryStorage": _memory,
    "AsyncRedisStorage": _redis,
    "AsyncPostgresStorage": _postgres,
    "SQLiteStorage": _sqlite,
    "SQLAlchemyStorage": _sqlalchemy,
}
