"""The words of an answer: "yes" is what a reader wants to hear."""

NONE = "—"  # it has no such thing, or cannot be asked


def yes(answer: bool) -> str:
    return "yes" if answer else "no"
