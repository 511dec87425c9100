"""What a plot is drawn on: its size, its colours in light and in dark, its title and what each colour means."""

from collections.abc import Sequence
from html import escape

WIDTH = 760
MARGIN = 20.0
_LIGHT = "--paper:#fff;--ink:#1b1f24;--faint:#d3d8de;"
_DARK = "--paper:#14181d;--ink:#e4e8ec;--faint:#39414a;"
# Six, of lightnesses that differ, too: more series than that cannot be told apart.
_COLOURS = (
    ("#0b57a8", "#8fb8f5"),
    ("#a65a00", "#e6b273"),
    ("#2b7a3d", "#8fd69c"),
    ("#8a3ea8", "#d3a4ea"),
    ("#a3293f", "#f29aa8"),
    ("#4b5a68", "#aab7c4"),
)


def _style() -> str:
    light, dark = ("".join(f"--c{number}:{pair[shade]};" for number, pair in enumerate(_COLOURS)) for shade in (0, 1))
    fills = "".join(f".f{number}{{fill:var(--c{number})}}" for number in range(len(_COLOURS)))
    strokes = "".join(
        f".s{number}{{stroke:var(--c{number});fill:none;stroke-width:2}}" for number in range(len(_COLOURS))
    )
    return (
        f"svg{{font:13px system-ui,sans-serif;{_LIGHT}{light}}}"
        f"@media(prefers-color-scheme:dark){{svg{{{_DARK}{dark}}}}}"
        ".paper{fill:var(--paper)}text{fill:var(--ink)}.title{font-size:15px;font-weight:600}"
        ".grid{stroke:var(--faint)}.mark,.whisker{stroke:var(--ink);fill:none}.mark{stroke-dasharray:5 4}"
        f"{fills}{strokes}"
    )


def paper(title: str, height: float, parts: Sequence[str]) -> str:
    """Return the whole SVG; its title is also what a reader is told who does not see it."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_style()}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height:g}"/>',
        f'<text class="title" x="{MARGIN:g}" y="26">{escape(title)}</text>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def legend(series: Sequence[str]) -> tuple[list[str], float]:
    """Return a square of its colour and the name of each series, in rows under the title, and where they end."""
    if len(series) > len(_COLOURS):
        raise ValueError(f"{len(series)} series, and colours for {len(_COLOURS)}")
    parts, x, y = [], MARGIN, 40.0
    for number, name in enumerate(series):
        width = 44.0 + 7 * len(name)
        if x + width > WIDTH:
            x, y = MARGIN, y + 20
        parts.append(f'<rect class="f{number}" x="{x:g}" y="{y:g}" width="11" height="11"/>')
        parts.append(f'<text x="{x + 17:g}" y="{y + 10:g}">{escape(name)}</text>')
        x += width
    return parts, y + 11
