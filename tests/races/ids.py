"""Ids that are the same in every run."""


class Ids:
    """Stand in for ``token_urlsafe``: the ids of a caller do not depend on what the others did."""

    MARK = "x" * 20  # in every id, and in no handle, key or value

    def __init__(self) -> None:
        self.begin("")

    def begin(self, caller: str) -> None:
        """Make the first id of a caller next."""
        self._caller, self._made = caller, 0

    def __call__(self, size: int) -> str:
        self._made += 1
        return self.of(self._caller, self._made)

    @staticmethod
    def of(caller: str, number: int = 1) -> str:
        return f"{caller}-{number}-".ljust(43, "x")
