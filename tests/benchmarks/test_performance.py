"""The page of the measurements: it says what the results say, and the results can be made again."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import lines_of_a_get as parts
from benchmarks.__main__ import main, places
from benchmarks.axis import around
from benchmarks.bench import Bench, Target
from benchmarks.imports import by_module, foreign, installed
from benchmarks.page import page, plots, targets
from benchmarks.parts_of_a_write import parts_of
from benchmarks.plot import Bar, Point, bars, lines
from benchmarks.rounds import Quartiles, compare, quartiles
from benchmarks.sections import SECTIONS
from benchmarks.sides import ending

RESULTS, PAGE, PLOTS = places(None)
SEEN: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
ASSETS = "../assets/performance/"


def drifts(results: dict[str, Any], text: str, drawn: dict[str, str]) -> list[str]:
    """Return the name of each part that is not what the results say."""
    wanted = {"page": page(results, ASSETS), **plots(results)}
    shown = {"page": text, **drawn}
    return sorted(name for name in wanted.keys() | shown.keys() if wanted.get(name) != shown.get(name))


def committed() -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in PLOTS.glob("*.svg")}


def test_the_page_and_its_plots_are_what_the_results_say() -> None:
    """The committed page and plots are those that are rendered from the committed results."""
    assert [] == drifts(SEEN, PAGE.read_text("utf-8"), committed())


def test_a_figure_that_is_changed_in_one_place_alone_is_found() -> None:
    """A result, a page or a plot that is changed by itself is named."""
    text, drawn = PAGE.read_text("utf-8"), committed()
    changed = json.loads(json.dumps(SEEN))
    for row in changed["against_the_floor"]["found"]["rows"]:
        row["ratio"]["median"] += 0.5
    assert ["floor.svg", "page"] == drifts(changed, text, drawn)
    assert ["page"] == drifts(SEEN, text.replace("µs", "ms", 1), drawn)
    assert ["new.svg"] == drifts(SEEN, text, drawn | {"new.svg": "<svg/>"})


def test_a_page_of_several_machines_says_so() -> None:
    """Each machine is named, and microseconds of one are not to be compared with those of another."""
    versions = SEEN["imports"]["versions"]
    one = {name: told | {"versions": versions} for name, told in SEEN.items()}
    two = one | {"slots": SEEN["slots"] | {"versions": versions | {"platform": "another"}}}
    of_one, of_two = (page(results, ASSETS).partition("\n## ")[0] for results in (one, two))
    assert "Not all sections are of one machine" not in of_one
    assert "Not all sections are of one machine" in of_two
    assert "on another with" in of_two


def test_every_section_has_been_measured() -> None:
    """The results are those of each section, in the order of the page."""
    assert list(SECTIONS) == list(SEEN)


def test_no_section_is_forgotten() -> None:
    """Every module that has something to run and to render is a section."""
    written = {file.stem: file.read_text("utf-8") for file in RESULTS.parent.glob("*.py")}
    assert set(SECTIONS) == {name for name, text in written.items() if "\ndef run(bench: Bench)" in text}


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_renders_its_part_of_the_page(name: str) -> None:
    """Each part begins with a heading of the second level, and stands in the page whole."""
    text = import_module(f"benchmarks.{name}").render(SEEN[name]["found"]).strip()
    assert text.startswith("## ")
    assert text in PAGE.read_text("utf-8")


def test_each_plot_is_svg_that_says_what_it_shows_and_heeds_the_dark() -> None:
    """A plot parses, has a title first, keeps its text as text, and names the colours of a dark page."""
    for text in committed().values():
        root = ElementTree.fromstring(text)
        assert "{http://www.w3.org/2000/svg}title" == root[0].tag
        assert root.findall("{http://www.w3.org/2000/svg}text")
        assert "prefers-color-scheme:dark" in text


def test_a_target_is_met_by_its_figure_alone() -> None:
    """At most is met up to the limit, at least from the limit on."""
    assert [True, False] == [Target("", 1.05, found).met for found in (1.05, 1.06)]
    assert [True, False] == [Target("", 20, found, at_least=True).met for found in (20, 19)]


def test_the_page_says_of_each_target_whether_it_is_met() -> None:
    """There is a row a target, and its last cell is computed."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.endswith((" met |", " not met |"))]
    assert [target.met for target in targets(SEEN)] == [not row.endswith(" not met |") for row in rows]


def test_a_side_that_takes_twice_as_long_has_twice_the_ratio() -> None:
    """The ratio is that of the library to the floor, whichever is first in a round."""
    found = compare(lambda count: 20.0 * count, lambda count: 10.0 * count, 5, 3)
    assert (60.0, 30.0, 2.0) == (found.library.median, found.floor.median, found.ratio.median)


def test_a_bar_begins_at_its_base_and_a_whisker_spans_the_quartiles() -> None:
    """Bars on both sides of the base have the widths of what they differ by."""
    text = bars("Ratios", "x", [Bar("a", "get", 0.9, 1.5, 1.6), Bar("b", "get", 0.4, 0.5, 0.9)], base=1.0)
    widths = [float(each.get("width", 0)) for each in ElementTree.fromstring(text).iter() if each.get("class") == "f0"]
    assert widths[1] == pytest.approx(widths[2])


def test_a_line_over_a_logarithmic_axis_has_equal_steps_for_equal_factors() -> None:
    """Ten, a hundred and a thousand stand at equal distances."""
    text = lines("Growth", "sessions", "x", {"memory": [Point(x, 1.0, 0.9, 1.1) for x in (10, 100, 1000)]})
    dots = [float(each.get("cx", 0)) for each in ElementTree.fromstring(text).iter() if each.tag.endswith("circle")]
    assert dots[1] - dots[0] == pytest.approx(dots[2] - dots[1], abs=0.2)


@pytest.mark.parametrize(("low", "high"), [(0.9, 1.1), (1, 10), (0, 0.003), (0.8, 250_000)])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_an_axis_names_some_round_values(low: float, high: float, logarithmic: bool) -> None:
    """An axis has two to twelve ticks, all within what is shown."""
    axis = around([low or 0.001, high], 0, 100, logarithmic=logarithmic)
    assert 2 <= len(axis.ticks) <= 12
    assert all(axis.first <= tick <= axis.last for tick in axis.ticks)


def test_what_an_import_brings_is_told_from_the_standard_library() -> None:
    """A foreign package is named once, and its modules' time is added up."""
    assert ["orjson"] == foreign(["json", "orjson", "orjson.fast", "cross_auth", "__editable___x"])
    text = "import time: self [us] | cumulative | imported package\nimport time: 1000 | 1500 | cross_auth._a\n"
    assert ["pydantic", "tzdata"] == installed(
        ["tzdata; sys_platform == 'win32'", "pydantic>=2.7,<3", 'redis[hiredis]>=5; extra == "redis"']
    )
    assert {"cross_auth": 3.0, "all": 4.0} == by_module(f"{text}import time: 2000 | 4000 | cross_auth\n")


def test_the_lines_of_a_get_are_all_of_it() -> None:
    """No line holds the loop or another line, and together they are the whole."""
    names = ("nothing", parts.WHOLE, parts.FORM, parts.HASH, parts.LOOK_UP, parts.PARSE, parts.CHECK)
    lines = parts._lines(
        {name: [float(taken)] for name, taken in zip(names, (10, 110, 15, 40, 20, 40, 60), strict=True)}
    )
    assert [100.0] == lines[parts.WHOLE]
    assert [20.0] == lines[parts.CHECK]
    assert 100.0 == sum(lines[name][0] for name in parts.LINES)


def test_the_parts_of_a_write_are_all_of_it() -> None:
    """The calls and the work by hand are the floor, and with what storage and functions add they are the whole."""
    raw, storage, floor, whole = [10.0], [14.0], [25.0], [36.0]
    *parts, together = parts_of([raw, storage, floor, whole]).values()
    assert [[10.0], [15.0], [4.0], [7.0]] == parts
    assert whole == together == [sum(each[0] for each in parts)]


def test_quartiles_of_few_rounds_lie_among_them() -> None:
    """No quartile is outside what was measured: a time below nothing could not be drawn."""
    assert Quartiles(1.0 + 24.75, 50.5, 75.25) == quartiles([1.0, 100.0])


def test_rows_that_are_put_in_at_once_end_one_after_the_other() -> None:
    """No two end at the same moment, as no two log-ins come then: an index of such rows has another size."""
    before, now = ([end for *_, end in ending([("key", "value", ttl)] * 1000)] for ttl in (0, 60))
    assert sorted(set(before)) == before
    assert min(now) - max(before) == pytest.approx(60e6, abs=5e6)


def test_a_quick_run_of_one_section_writes_results_and_a_page(tmp_path: Path) -> None:
    """A section that needs no server is measured in a process of its own, and its page says that the run was quick."""
    assert 0 == main(["--quick", "--only", "on_the_oldest", "--python", sys.executable, "--into", str(tmp_path)])
    results = json.loads(tmp_path.joinpath("results.json").read_text("utf-8"))
    assert {("memory", "get"), ("memory, awaited", "delete")} < {
        (row["storage"], row["operation"]) for row in results["on_the_oldest"]["found"]["rows"]
    }
    assert "a quick run" in tmp_path.joinpath("performance.md").read_text("utf-8")


def test_a_section_that_fails_is_named_and_leaves_the_results_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run goes on, says which failed, and does not end with success."""
    assert 1 == main(["--quick", "--only", "on_the_oldest", "--python", "/bin/false", "--into", str(tmp_path)])
    assert "failed: on_the_oldest" in capsys.readouterr().out
    assert not tmp_path.joinpath("results.json").exists()


def test_results_of_another_release_are_refused_and_left_alone(tmp_path: Path) -> None:
    """Where results lack what the page shows, the error says so, and no file is written."""
    old = {name: told for name, told in SEEN.items() if name != "imports"}
    old["imports"] = SEEN["imports"] | {"found": {}}
    given = tmp_path / "old.json"
    given.write_text(json.dumps(old), "utf-8")
    with pytest.raises(SystemExit, match=r"the results lack '.*', as of another release"):
        main(["--render", str(given), "--into", str(tmp_path / "into")])
    assert not tmp_path.joinpath("into").exists()


def test_a_quick_run_does_fewer_rounds() -> None:
    """Rounds are those of the full run, or those of the quick one."""
    servers: Any = None
    assert [61, 9] == [Bench(Path(), servers, quick).rounds(61, 9) for quick in (False, True)]
