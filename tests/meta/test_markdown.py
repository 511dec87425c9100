"""Pages of the reference whose facts hold what Markdown and YAML have a meaning for."""

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from spec.__main__ import load
from spec.markdown import render
from spec.model import FieldRow, Model, Page


def page(description: str = "What it is.", pattern: str = "a") -> Page:
    field = FieldRow(name="f", type="str", constraints={"pattern": pattern}, description="A field.")
    model = Model(name="M", module="m", summary="Hold it.", frozen=True, strict=True, extra="forbid", fields=[field])
    return Page(slug="s", title="T", description=description, order=1, section="S", models=[model])


def front_matter(text: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(text.split("---\n")[1])
    return found


@pytest.mark.parametrize("description", ["What it is.", "One thing: another.", 'A "word": it is quoted.'])
def test_the_front_matter_of_a_page_is_yaml(description: str) -> None:
    """A description reads as it was written, also where it has a colon."""
    wanted = {"title": "T", "description": description, "order": 1, "section": "S"}
    assert wanted == front_matter(render(page(description)))


def test_the_front_matter_of_every_page_tells_what_the_spec_does() -> None:
    """The committed facts survive the way through YAML."""
    pages = load()
    assert [each.description for each in pages] == [front_matter(render(each))["description"] for each in pages]


@pytest.mark.parametrize(("pattern", "code"), [("^[a-z]+$", "`^[a-z]+$`"), ("^[a`b]$", "`` ^[a`b]$ ``")])
def test_a_pattern_is_one_piece_of_code(pattern: str, code: str) -> None:
    """A backtick in a pattern does not end the code that it stands in."""
    assert f"Constraints: matches {code}." in render(page(pattern=pattern))
