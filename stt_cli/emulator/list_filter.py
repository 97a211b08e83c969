"""The ``filter`` of the speechtotext API's lists: comparisons, and, or, not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[^\s()']+)|(?P<sign>[()]))"
)
_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}
_DATES = ("createdDateTime", "lastActionDateTime")
_FIELDS = (*_DATES, "displayName", "description", "status", "locale", "name", "kind")

Test = Callable[[Mapping[str, Any]], bool]


class FilterError(ValueError):
    """The filter is not one that the service supports."""


def parse_filter(text: str) -> Test:
    """Return the test that a filter makes. Raises ``FilterError``."""
    parser = _Parser(_tokens(text))
    test = parser.any_of()
    if parser.left:
        raise FilterError(f"unexpected {parser.left[0]}")
    return test


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FilterError(f"cannot read {text[at:]!r}")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self._take("or"):
            tests.append(self._all_of())
        return lambda item: any(test(item) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda item: all(test(item) for test in tests)

    def _one(self) -> Test:
        if self._take("not"):
            test = self._one()
            return lambda item: not test(item)
        if self._take("("):
            inner = self.any_of()
            if not self._take(")"):
                raise FilterError("a parenthesis is not closed")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        if len(self.left) < 3:
            raise FilterError("a comparison is not complete")
        name, operator, value = self.left[:3]
        del self.left[:3]
        if name not in _FIELDS or operator not in _COMPARE:
            raise FilterError(f"{name} {operator} is not supported")
        if operator not in ("eq", "ne") and name not in _DATES:
            raise FilterError(f"{operator} is for dates only")
        wanted = value[1:-1].replace("''", "'") if value.startswith("'") else value
        compare = _COMPARE[operator]
        return lambda item: compare(str(item.get(name) or ""), wanted)

    def _take(self, word: str) -> bool:
        if self.left and self.left[0] == word:
            del self.left[0]
            return True
        return False
