"""Operations as others have them, each with a scenario that it takes part in and the laws that it breaks there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.races import broken_creates as creates
from tests.races import broken_ends as ends
from tests.races import broken_reads as reads
from tests.races import broken_renewals as renewals
from tests.races.operations import OPERATIONS, Call, Operation, Run


@dataclass(frozen=True)
class Broken:
    """What runs in the place of an operation, or beside it under a name of its own."""

    replaced: str
    run: Run
    scenario: str
    laws: set[str]
    call: Call | None = None
    name: str = ""

    @property
    def operations(self) -> Mapping[str, Operation]:
        broken = replace(OPERATIONS[self.replaced], run=self.run, call=self.call)
        return {**OPERATIONS, self.name or self.replaced: broken}


_FINAL = {"delete-is-final"}
_REWRITES = {"record-is-written-once", "create-indexes-first"}
_TWO = {"renew-has-one-winner", "renew-undoes"}
_HIDDEN = {"create-indexes-first", "delete-forgets", "revoke-reaches-what-failed"}

BROKEN = (
    Broken(
        "touch",
        reads.touch,
        "delete a | touch a",
        _FINAL | _REWRITES | {"touch-writes-seldom", "revoke-reaches-what-failed"},
        reads.touch_in_sync,
    ),
    Broken(
        "touch",
        reads.touch_in_the_record,
        "delete a | touch a",
        _FINAL | _REWRITES | {"touch-writes-seldom", "read-is-whole"},
    ),
    Broken("touch", reads.touch_without_limits, "touch idle | get idle", {"touch-never-revives"}),
    Broken(
        "touch",
        reads.save_at_the_end,
        "delete a | touch a",
        _FINAL | _REWRITES | {"touch-writes-seldom", "revoke-reaches-what-failed"},
    ),
    Broken(
        "get",
        reads.get_and_prolong,
        "prolong a | delete a | get a",
        _FINAL | _REWRITES | {"get-never-writes", "read-is-whole"},
        name="prolong",
    ),
    Broken("list", reads.list_without_limits, "list | touch idle", {"list-has-no-other"}),
    Broken("list", reads.list_of_everyone, "list | get a", {"list-has-no-other"}),
    Broken("list", reads.list_the_first, "list | get a", {"list-has-every-live-session"}),
    Broken(
        "list",
        reads.list_and_tidy,
        "list | create >new",
        _HIDDEN | {"get-never-writes", "list-has-every-live-session"},
    ),
    Broken("delete", ends.delete_later, "delete a | get a", _FINAL),
    Broken("delete", ends.delete_quietly, "delete a | get a", _FINAL | {"outage-raises"}),
    Broken("delete", ends.delete_deaf, "delete a | get a", _FINAL | {"cancellation-raises"}),
    Broken("delete", ends.delete_without_following, "delete a | renew a >b", {"delete-follows-renewals"}),
    Broken("delete", ends.delete_without_discard, "delete a | get a", {"delete-forgets"}),
    Broken("revoke", ends.revoke_without_following, "revoke a | renew a >b", {"revoke-ends-that-session"}),
    Broken("revoke", ends.revoke_of_anyone, "revoke other | get other", {"revoke-is-for-the-owner"}),
    Broken("revoke_all", ends.revoke_one, "revoke_all | get b", {"revoke-all-ends-all"}),
    Broken(
        "revoke_all",
        ends.revoke_in_one_pass,
        "revoke_all | renew a >c",
        {"revoke-all-ends-all", "create-indexes-first", "revoke-reaches-what-failed"},
    ),
    Broken("revoke_all", ends.revoke_all_without_following, "revoke_all | renew b >c", {"revoke-all-ends-all"}),
    Broken("revoke_all", ends.revoke_and_tidy, "revoke_all | create >new", _HIDDEN),
    Broken("revoke_others", ends.revoke_the_kept, "revoke_others a | get a", {"revoke-all-keeps-one"}),
    Broken("create", creates.create_early, "create >new | get new", {"create-is-readable"}),
    Broken(
        "create", creates.create_twice, "create >new | guess new", {"record-is-written-once", "get-unknown-is-none"}
    ),
    Broken(
        "create",
        creates.create_record_first,
        "create >new | revoke_all",
        {"create-indexes-first", "revoke-reaches-what-failed", "no-orphan"},
    ),
    Broken("log_in", creates.log_in_and_end_later, "log_in a >new | get a", {"create-replaces"}),
    Broken("log_in", creates.log_in_without_following, "log_in a >new | renew a >b", {"create-replaces"}),
    Broken("create", creates.create_with_its_id, "create >new | get new", {"id-is-never-stored"}),
    Broken("renew", renewals.without_pop, "renew a >b | renew a >c", _TWO),
    Broken("renew", renewals.popping_first, "renew a >b | renew a >c", _TWO),
    Broken("renew", renewals.popping_first, "delete a | renew a >b", {"delete-follows-renewals"}),
    Broken("renew", renewals.without_undo, "renew a >b | renew a >c", {"no-orphan"}),
    Broken("renew", renewals.without_undo_of_errors, "renew a >b | renew a >c", {"no-orphan"}),
    Broken("renew", renewals.without_note, "delete a | renew a >b", {"delete-follows-renewals"}),
    Broken("renew", renewals.noting_late, "delete a | renew a >b", {"delete-follows-renewals"}),
    Broken(
        "renew",
        renewals.overwriting_the_note,
        "delete a | renew a >b | renew a >c",
        {"delete-follows-renewals"},
    ),
    Broken("renew", renewals.as_create, "renew a >b | get a", {"renew-keeps-the-session"}),
    Broken("renew", renewals.renew_early, "renew a >b | get a", {"renew-ends-the-old", "renew-undoes", "no-orphan"}),
)
