"""What a failure of the kit says."""

import pytest

from cross_auth.testing import check_concurrency
from cross_auth.testing._sentences import SENTENCES
from spec.__main__ import load
from spec.entries import laws
from tests.meta import (
    mutants_of_index,
    mutants_of_index_threads,
    mutants_of_index_time,
    mutants_of_removal,
    mutants_of_threads,
    mutants_of_time,
)
from tests.meta.kit_report import accusation, contract, machine
from tests.meta.mutants_plain import Plain


def test_the_sentences_are_those_of_the_spec() -> None:
    """A failure quotes a law of the spec, to the letter."""
    of_spec = laws(load())
    assert {name: of_spec.get(name) for name in SENTENCES} == SENTENCES


@pytest.mark.parametrize(
    ("mutant", "sentence", "told"),
    [
        (mutants_of_time.TtlOneTooLong, "storage-honours-ttl", "wanted None"),
        (mutants_of_removal.DeleteRaises, "storage-delete-is-quiet", "KeyError"),
        (mutants_of_removal.PopKeeps, "storage-pop-has-one-winner", "wanted None"),
        (mutants_of_index.MembersAreBytes, "storage-index-has-what-was-added", "wanted a list of text"),
        (mutants_of_index.ShowsMembersTwice, "storage-index-has-what-was-added", "wanted ['"),
        (mutants_of_index.DiscardRaises, "storage-index-discard-is-quiet", "KeyError"),
        (mutants_of_index.DiscardDoesNothing, "storage-index-discard-is-quiet", "wanted ["),
        (
            mutants_of_index.LacksDiscard,
            "storage-index-is-whole",
            "no discard: sessions over this storage are not listed",
        ),
        (mutants_of_index_time.KeepsMembersForEver, "storage-index-expires-one-by-one", "wanted ["),
        (mutants_of_index_time.LastTtlCounts, "storage-index-never-shortens", "wanted ["),
    ],
)
def test_a_machine_tells_the_sentence_that_was_broken(mutant: type[Plain], sentence: str, told: str) -> None:
    """The report of a machine has the sentence, what was found and what was wanted."""
    found, _ = accusation(lambda: machine(mutant), 1000)
    assert f"contract: {SENTENCES[sentence]}" in found
    assert told in found


@pytest.mark.parametrize(
    ("mutant", "sentence", "told"),
    [
        (mutants_of_threads.PopIsNotAtomic, "storage-pop-has-one-winner", "4 callers popped 'pop "),
        (mutants_of_index_threads.LosesAdds, "storage-index-is-atomic", "4 callers changed the set of 'user:"),
        (mutants_of_index_threads.SharesItsListOfMembers, "storage-index-is-atomic", "while others came and went"),
    ],
)
def test_the_check_of_concurrent_callers_tells_the_sentence_that_was_broken(
    mutant: type[Plain], sentence: str, told: str
) -> None:
    """Its AssertionError is the sentence and what was found."""
    with pytest.raises(AssertionError) as caught:
        check_concurrency(mutant)
    first, second = str(caught.value).splitlines()
    assert f"contract: {SENTENCES[sentence]}" == first
    assert told in second


def test_the_contract_tells_the_sentence_that_was_broken() -> None:
    """The suite's line on a test that failed begins with the sentence."""
    mutants = ["TranslatesNewlines", "DeleteRaises", "LastTtlCounts", "StripsMembers"]
    _, output = contract(mutants, "-k", "not concurrent")
    for sentence in ("storage-get-returns-what-was-set", "storage-index-never-shortens", "storage-index-is-exact"):
        assert f"contract: {SENTENCES[sentence]}" in output
