"""Plots as SVG, pure text from figures: bars with whiskers, and lines over a logarithmic axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.axis import Axis, around, named
from benchmarks.paper import WIDTH, legend, paper

LEFT, RIGHT, FOOT = 190, 24, 52
THICK, GAP = 11, 12
HEIGHT = 300  # of the lines


@dataclass(frozen=True)
class Bar:
    """A median and its quartiles, in a group of bars, in the colour of its series."""

    group: str
    series: str
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Point:
    """A median at a place of the lower axis, and its quartiles where there are any."""

    x: float
    median: float
    low: float | None = None
    high: float | None = None


def bars(title: str, unit: str, drawn: Sequence[Bar], *, base: float = 0.0, logarithmic: bool = False) -> str:
    """Draw bars from a base, which on a logarithmic axis is above nought, each group with its name on the left."""
    series = list(dict.fromkeys(bar.series for bar in drawn))
    groups = list(dict.fromkeys(bar.group for bar in drawn))
    values = [base, *(each for bar in drawn for each in (bar.low, bar.median, bar.high))]
    axis = around(values, LEFT, WIDTH - RIGHT, logarithmic=logarithmic)
    names, top = legend(series)
    parts, y = [], top + 21
    for group in groups:
        mine = [bar for bar in drawn if bar.group == group]
        parts.append(_text(LEFT - 10, y + len(mine) * THICK / 2 + 4, group, "end"))
        for bar in mine:
            parts += _bar(bar, series.index(bar.series), axis, base, y)
            y += THICK
        y += GAP
    line = f'<path class="mark" d="M{axis(base)} {top + 15}V{y}"/>'
    grid = _upright(axis, top + 15, y)
    unit_line = _text((LEFT + WIDTH - RIGHT) / 2, y + 40, unit, "middle")
    return paper(title, y + FOOT, [*names, *grid, *parts, line, unit_line])


def _bar(bar: Bar, colour: int, axis: Axis, base: float, y: float) -> list[str]:
    low, median, high, zero = (axis(each) for each in (bar.low, bar.median, bar.high, base))
    middle = y + THICK / 2 - 0.5
    told = escape(f"{bar.group}, {bar.series}: {bar.median:.4g} ({bar.low:.4g} to {bar.high:.4g})")
    place = f'x="{min(zero, median)}" y="{y}" width="{round(abs(median - zero), 1)}" height="{THICK - 1}"'
    return [
        f'<rect class="f{colour}" {place}><title>{told}</title></rect>',
        f'<path class="whisker" d="M{low} {middle}H{high}M{low} {middle - 3}v6M{high} {middle - 3}v6"/>',
    ]


def lines(
    title: str, x_unit: str, y_unit: str, drawn: Mapping[str, Sequence[Point]], *, logarithmic: bool = False
) -> str:
    """Draw a line a series over a logarithmic lower axis; the upright one begins at nought or is logarithmic too."""
    points = [point for line in drawn.values() for point in line]
    xs = around((point.x for point in points), LEFT / 2, WIDTH - RIGHT, logarithmic=True)
    tall = [each for point in points for each in (point.low, point.median, point.high) if each is not None]
    names, above = legend(list(drawn))
    top, bottom = above + 21, above + 21 + HEIGHT
    ys = around(tall if logarithmic else [0.0, *tall], bottom, top, logarithmic=logarithmic)
    grid = [*_upright(xs, top, bottom, sorted({point.x for point in points})), *_level(ys)]
    parts = [part for number, line in enumerate(drawn.values()) for part in _line(line, number, xs, ys)]
    units = [
        _text((LEFT / 2 + WIDTH - RIGHT) / 2, bottom + 40, x_unit, "middle"),
        f'<text transform="translate(20 {(top + bottom) / 2})rotate(-90)" text-anchor="middle">{escape(y_unit)}</text>',
    ]
    return paper(title, bottom + FOOT, [*names, *grid, *parts, *units])


def _line(line: Sequence[Point], colour: int, xs: Axis, ys: Axis) -> list[str]:
    path = "L".join(f"{xs(point.x)} {ys(point.median)}" for point in line)
    parts = [f'<path class="s{colour}" d="M{path}"/>']
    for point in line:
        x, told = xs(point.x), escape(f"{point.x:g}: {point.median:.4g}")
        if point.low is not None and point.high is not None:
            parts.append(f'<path class="s{colour}" d="M{x} {ys(point.low)}V{ys(point.high)}"/>')
        parts.append(f'<circle class="f{colour}" cx="{x}" cy="{ys(point.median)}" r="4"><title>{told}</title></circle>')
    return parts


def _upright(axis: Axis, top: float, bottom: float, ticks: Sequence[float] = ()) -> list[str]:
    """Draw the lines of the lower axis, at the places of the points where there are few."""
    shown = ticks if 0 < len(ticks) < 9 else axis.ticks
    return [
        f'<path class="grid" d="M{axis(each)} {top}V{bottom}"/>' + _text(axis(each), bottom + 18, named(each), "middle")
        for each in shown
    ]


def _level(axis: Axis) -> list[str]:
    return [
        f'<path class="grid" d="M{LEFT / 2} {axis(each)}H{WIDTH - RIGHT}"/>'
        + _text(LEFT / 2 - 8, axis(each) + 4, named(each), "end")
        for each in axis.ticks
    ]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'
