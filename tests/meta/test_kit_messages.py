"""What a failure of the kit says."""

import pytest

from cross_auth.testing import check_concurrency, storage_machine
from cross_auth.testing._laws import SENTENCES
from spec.__main__ import load
from spec.entries import laws
from tests.meta import mutants_of_removal, mutants_of_threads, mutants_of_time
from tests.meta.kit_report import accusation, contract
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
    ],
)
def test_a_machine_tells_the_sentence_that_was_broken(mutant: type[Plain], sentence: str, told: str) -> None:
    """The report of a machine has the sentence, what was found and what was wanted."""
    found, _ = accusation(lambda: storage_machine(mutant), 1000)
    assert f"contract: {SENTENCES[sentence]}" in found
    assert told in found


def test_the_check_of_concurrent_callers_tells_the_sentence_that_was_broken() -> None:
    """Its AssertionError is the sentence and what was found."""
    with pytest.raises(AssertionError) as caught:
        check_concurrency(mutants_of_threads.PopIsNotAtomic)
    first, second = str(caught.value).splitlines()
    assert f"contract: {SENTENCES['storage-pop-has-one-winner']}" == first
    assert "4 callers popped 'pop " in second


def test_the_contract_tells_the_sentence_that_was_broken() -> None:
    """The suite's line on a test that failed begins with the sentence."""
    _, output = contract(["TranslatesNewlines", "DeleteRaises"], "-k", "not concurrent")
    assert f"contract: {SENTENCES['storage-get-returns-what-was-set']}" in output
