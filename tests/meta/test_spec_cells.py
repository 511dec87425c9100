"""Every fact in spec/api, damaged one at a time, is reported by the comparison with code and tests alone."""

import tomllib
from itertools import chain
from types import ModuleType

import pytest

from spec import conform, laws
from spec.__main__ import ROOT, sources_of_tests
from spec.entries import laws as laws_of
from spec.model import Page
from tests.meta.damage import Damage, damages

PAGES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted((ROOT / "spec" / "api").glob("*.toml"))}
DAMAGES = list(damages(PAGES))
MARKS = laws.marks(sources_of_tests())


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_a_damaged_fact_is_reported(
    damage: Damage, spec: list[Page], code: dict[str, ModuleType], names: dict[str, object]
) -> None:
    """With one fact of the spec changed a problem is found, whatever docs and stubs say."""
    damaged = damage.done_to(PAGES, spec)
    assert next(chain(laws.problems(laws_of(damaged), MARKS), conform.problems(damaged, code, names)), None)


def test_the_undamaged_spec_has_no_problem(
    spec: list[Page], code: dict[str, ModuleType], names: dict[str, object]
) -> None:
    """What is reported in the other tests is the damage."""
    assert [] == [*conform.problems(spec, code, names), *laws.problems(laws_of(spec), MARKS)]


def test_every_kind_of_fact_is_damaged() -> None:
    """Each column that holds a fact is met, and no damage is there twice."""
    columns = {"name", "type", "default", "kind", "id", "module", "frozen", "strict", "extra", "implements", "bases"}
    limits = {"minLength", "maxLength", "minimum", "maximum", "pattern", "format", "maxProperties"}
    forms = {"awaited", "awaited_in", "parameter", "return_type"}
    assert columns | limits | forms <= {damage.place[-1] for damage in DAMAGES}
    assert len(DAMAGES) == len({str(damage) for damage in DAMAGES})
