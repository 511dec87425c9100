"""How a run is held to the laws when every caller is through."""

from collections import Counter
from typing import Any

from cross_auth import get_session, list_sessions, revoke_sessions
from cross_auth._records import record_key, user_key
from cross_auth._storage_kinds import is_indexed
from tests.races.calls import Fault, Made
from tests.races.judge import Breaks, entries, of_list, of_read
from tests.races.ledger import Ledger, Start
from tests.races.model import Model, PlainModel
from tests.races.scenarios import OTHER


def of_end(ledger: Ledger, storage: Any, failed: Made | None) -> list[tuple[str, str]]:
    """Judge what is left, by the first of these that finds something: all else would only follow from it."""
    for judge in (_of_reads, _of_records, _of_list, _of_revocation):
        if breaks := list(judge(ledger, storage, failed)):
            return breaks
    return []


def _of_reads(ledger: Ledger, storage: Any, failed: Made | None) -> Breaks:
    live = []
    for session_id in ledger.sessions:
        answer, start = get_session(session_id, storage), Start("read", over=ledger.over(session_id))
        yield from of_read(ledger, "a get at the end", session_id, answer, start, nothing_failed=False)
        live += [session_id] if answer is not None else []
    roots = Counter([*ledger.line(session_id)][-1] for session_id in live)
    if max(roots.values(), default=1) > 1:
        yield "renew-undoes", "two ids of one session are live"
    winners = set(ledger.parents.values())
    if failed is None and any(each not in winners and not ledger.is_ending(each) for each in ledger.moving):
        yield "renew-has-one-winner", "no renewal returned an id"


def _of_records(ledger: Ledger, model: Any, failed: Made | None) -> Breaks:
    if not isinstance(model, PlainModel):
        return
    records = {record_key(session.handle or ""): each for each, session in ledger.sessions.items()}
    for key in records.keys() & model.kept.keys():
        if records[key] not in ledger.idle and (law := ledger.over(records[key])):
            yield law, "the record of a session that is over is left"
    orphans = {key for key in model.kept if key.startswith("session:")} - records.keys()
    if orphans and (failed is None or (failed.fault is not Fault.KILLED and orphans != {failed.call.key})):
        yield "no-orphan", "a record is left whose id was not returned"
    if isinstance(model, Model) and failed is None:
        index = {entry for entry in model.sets if entry[0] in (user_key(ledger.user), user_key(OTHER))}
        if index != set(entries(model)):
            yield "delete-forgets", "the index has more or less than the records"


def _of_list(ledger: Ledger, storage: Any, failed: Made | None) -> Breaks:
    if is_indexed(storage):
        own = frozenset(each for each in ledger.sessions if ledger.is_own(each) and not ledger.over(each))
        start = Start("list", live=own, gone=frozenset(ledger.sessions) - own)
        yield from of_list(ledger, "a list at the end", list_sessions(ledger.user, storage), start)


def _of_revocation(ledger: Ledger, storage: Any, failed: Made | None) -> Breaks:
    if not is_indexed(storage):
        return
    storage, own = storage.copy() if isinstance(storage, Model) else storage, user_key(ledger.user)
    revoke_sessions(ledger.user, storage)
    left = any(key == own for key, _ in entries(storage)) if isinstance(storage, Model) else storage.members(own)
    if left:
        yield "revoke-reaches-what-failed", "a record is left"
