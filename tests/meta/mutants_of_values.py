"""Storages that give back another value than they were given."""

import json
from typing import Any, cast
from unicodedata import normalize

from tests.meta.mutants_plain import Plain


class ChangesValues(Plain):
    """Keeps values in another form."""

    def kept(self, value: str) -> Any:
        raise NotImplementedError

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        super().set(key, cast("str", self.kept(value)), ttl=ttl)


class StripsValues(ChangesValues):
    """Trims what it stores."""

    def kept(self, value: str) -> Any:
        return value.strip()


class TruncatesValuesAt255(ChangesValues):
    """Cuts values at 255 characters."""

    def kept(self, value: str) -> Any:
        return value[:255]


class TruncatesValuesAt64KiB(ChangesValues):
    """Cuts values at 64 KiB, as MySQL's TEXT does where it is not strict."""

    def kept(self, value: str) -> Any:
        return value.encode()[:65_535].decode(errors="ignore")


class KnowsAsciiOnly(ChangesValues):
    """Replaces the characters that its encoding lacks."""

    def kept(self, value: str) -> Any:
        return value.encode("ascii", "replace").decode()


class KnowsTheBasicPlaneOnly(ChangesValues):
    """Replaces characters of four bytes, as MySQL's utf8 does."""

    def kept(self, value: str) -> Any:
        return "".join("?" if character > "\uffff" else character for character in value)


class Normalises(ChangesValues):
    """Composes what was decomposed."""

    def kept(self, value: str) -> Any:
        return normalize("NFC", value)


class TranslatesNewlines(ChangesValues):
    """Reads as a text file is read."""

    def kept(self, value: str) -> Any:
        return value.replace("\r\n", "\n").replace("\r", "\n")


class EmptyIsNone(ChangesValues):
    """Takes an empty value for none."""

    def kept(self, value: str) -> Any:
        return value or None


class ReturnsBytes(ChangesValues):
    """Does not decode."""

    def kept(self, value: str) -> Any:
        return value.encode()


class ReturnsObjects(ChangesValues):
    """Parses what looks like JSON."""

    def kept(self, value: str) -> Any:
        try:
            return json.loads(value)
        except ValueError:
            return value


class SwallowsErrors(Plain):
    """Drops what its backend refuses, without a word."""

    def set(self, key: str, value: str, /, ttl: int | None = None) -> None:
        if len(value) <= 65_535:
            super().set(key, value, ttl=ttl)
