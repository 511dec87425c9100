"""The table of the answers, as a page shows it."""

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.questions import QUESTIONS

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Answers:
    """What one site said, question by question."""

    name: str
    version: str
    store: str
    answers: dict[str, str]


def load(text: str) -> list[Answers]:
    return [Answers(**each) for each in json.loads(text)]


def render(text: str) -> str:
    """Return the table in Markdown: a row a question, a column a site."""
    seen = load(text)
    rows = [
        ["", *(each.name for each in seen)],
        ["---"] * (len(seen) + 1),
        ["Version", *(each.version for each in seen)],
        ["Keeps sessions in", *(each.store or "the cookie" for each in seen)],
        *([question.text, *(each.answers[question.id] for each in seen)] for question in QUESTIONS),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
