"""How a run is held to the laws while it goes on: each function yields the laws that are broken, and by what."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from cross_auth import SessionInfo, StorageError
from cross_auth._records import handle_of, user_key
from tests.races.calls import Call, Made
from tests.races.ledger import Ledger, Start
from tests.races.model import Model, PlainModel
from tests.races.scenarios import Role

Breaks = Iterator[tuple[str, str]]


def of_call(role: Role, start: Start | None, call: Call) -> Breaks:
    """Judge a call that is about to have its effect."""
    if role.kind in ("read", "guess", "list") and call.writes:
        yield "get-never-writes", f"{role} calls {call.name}"
    if role.kind == "touch" and call.writes:
        if start is not None and start.over:
            yield "touch-never-revives", f"{role} writes for a session that is over"
        if call.name != "set" or not call.key.startswith("alive:"):
            yield "touch-writes-seldom", f"{role} calls {call.name}"
    if call.has_id:
        yield "id-is-never-stored", f"{role} passes an id to {call.name}"


def of_effect(role: Role, model: Model) -> Breaks:
    """Judge what is stored after a call has had its effect."""
    if any(entry not in model.sets for entry in entries(model)):
        yield "create-indexes-first", f"{role} leaves a record that is not in the index"


def entries(model: PlainModel) -> Iterator[tuple[str, str]]:
    """Yield the index entry that each record should have."""
    for key, (value, _) in model.kept.items():
        if key.startswith("session:"):
            yield _index_of(value), key.removeprefix("session:")


@cache
def _index_of(value: str) -> str:
    return user_key(json.loads(value)["user_id"])


def of_answer(ledger: Ledger, caller: int, role: Role, session_id: str, answer: object, failed: Made | None) -> Breaks:
    """Judge what an operation returned, before the ledger has it."""
    start = ledger.running[caller]
    if failed is not None and failed.caller == caller:
        law = "outage-raises" if failed.fault.error is StorageError else "cancellation-raises"
        yield law, f"{role} answers"
    if role.kind in ("read", "guess", "touch"):
        yield from of_read(ledger, str(role), session_id, answer, start, nothing_failed=failed is None)
    elif role.kind == "list" and isinstance(answer, list):
        yield from of_list(ledger, str(role), answer, start)
    elif role.kind == "replace" and isinstance(answer, tuple):
        yield from _of_renewal(ledger, role, session_id, *answer)


def of_read(ledger: Ledger, who: str, session_id: str, answer: object, start: Start, *, nothing_failed: bool) -> Breaks:
    if answer is None:
        if start.was_known and session_id not in ledger.moving and not ledger.is_ending(session_id):
            yield _missing(ledger, session_id), f"{who} finds nothing"
    elif start.over:
        yield start.over, f"{who} obtains a session that is over"
    elif session_id not in ledger.sessions:
        if nothing_failed and not start.is_making:  # whose answer is lost leaves a record whose id nobody knows
            yield "get-unknown-is-none", f"{who} obtains a session whose id was not returned"
    elif answer != ledger.sessions[session_id]:
        yield "read-is-whole", f"{who} obtains other data"


def _missing(ledger: Ledger, session_id: str) -> str:
    if not ledger.is_own(session_id):
        return "revoke-is-for-the-owner"
    return "revoke-all-keeps-one" if session_id in ledger.kept else "create-is-readable"


def of_list(ledger: Ledger, who: str, infos: Sequence[SessionInfo], start: Start) -> Breaks:
    shown = Counter(info.handle for info in infos)
    due = [each for each in start.live if each not in ledger.moving and not ledger.is_ending(each)]
    if max(shown.values(), default=1) > 1 or any(ledger.sessions[each].handle not in shown for each in due):
        yield "list-has-every-live-session", f"{who} shows one twice, or misses one"
    if any(ledger.sessions[each].handle in shown for each in start.gone):
        yield "list-has-no-other", f"{who} shows what it should not"


def _of_renewal(ledger: Ledger, role: Role, old_id: str, new_id: str, new: object) -> Breaks:
    if old_id in ledger.parents.values():
        yield "renew-has-one-winner", f"{role} returns a second id"
    if new != ledger.sessions[old_id].model_copy(update={"handle": handle_of(new_id)}):
        yield "renew-keeps-the-session", f"{role} returns other data"
