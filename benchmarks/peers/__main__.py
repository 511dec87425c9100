"""Ask this library and its peers the same questions: a real site of each, over HTTP, on a Redis or SQLite of its own.

Run ``make peers`` once, then ``python -m benchmarks.peers``; ``--write`` keeps the answers in ``results.json``.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks.peers.columns import COLUMNS, PEERS, Column
from benchmarks.peers.questions import QUESTIONS
from benchmarks.peers.running import SiteError, running
from benchmarks.peers.table import RESULTS, Answers, render
from tests.servers.redis_server import RedisServer


def answers(column: Column, server: RedisServer) -> Answers:
    found = {}
    for mode in dict.fromkeys(question.mode for question in QUESTIONS):
        with running(column, mode, server) as (site, turnstile):
            for question in (each for each in QUESTIONS if each.mode == mode):
                said = question.ask(site, turnstile)
                found[question.id] = said if said == "no" else site.facts.get(question.id, said)
        print(".", end="", file=sys.stderr, flush=True)
    return Answers(column.name, site.version, column.store, {each.id: found[each.id] for each in QUESTIONS})


def ask_all(columns: list[Column]) -> tuple[list[Answers], list[str]]:
    """Return what they said, and why those said nothing that could not run."""
    seen, failed = [], []
    with ExitStack() as stack:
        server = RedisServer()
        stack.callback(server.stop)
        for column in columns:
            try:
                seen.append(answers(column, server))
            except SiteError as error:
                failed.append(f"{column.name}: {error}")
    print(file=sys.stderr)
    return seen, failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", default="", metavar="NAME", help="ask those with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the answers there, too")
    parser.add_argument("--table", action="store_true", help=f"ask nobody, print what {RESULTS.name} holds")
    parser.add_argument("--write", action="store_true", help=f"write the answers to {RESULTS.name}, for the guide")
    arguments = parser.parse_args()
    if arguments.table:
        print(render(RESULTS.read_text("utf-8")))
        sys.exit()
    columns = [column for column in COLUMNS if arguments.only.lower() in column.name.lower()]
    if not columns:
        sys.exit(f"nobody is called {arguments.only}: {'; '.join(column.name for column in COLUMNS)}")
    if not all(column.ours for column in columns) and not PEERS.exists():
        sys.exit(f"{PEERS} is missing: make peers")
    seen, failed = ask_all(columns)
    text = json.dumps([vars(each) for each in seen], indent=2, ensure_ascii=False) + "\n"
    if seen:
        print(render(text))
    if arguments.json:
        arguments.json.write_text(text, "utf-8")
    if failed:
        sys.exit("\n".join(failed))
    if arguments.write:
        RESULTS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
