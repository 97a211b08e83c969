"""Intents by patterns with slots, matched on this machine.

A file of patterns has a section for each intent and a pattern on each line::

    # voice commands of an elevator
    [go-to-floor]
    go to floor {floor}
    take me [up|down] to the {floor:first|second|top} floor

    [stop]
    stop [please]

``{floor}`` is a slot of one or more words, ``{floor:a|b}`` one of those named, and
``[…]`` may be missing. Case and punctuation do not count, and a phrase has to match
as a whole. Of several patterns that match, the one with the
most words of its own wins, then the one that stands first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stt_cli.core.errors import UsageError

# A word, with accents that are characters of their own and apostrophes inside.
_WORD = re.compile(
    r"\d+(?:[.,:]\d+)+"
    r"|(?:[^\W_][\u0300-\u036f]*)+(?:['’](?:[^\W_][\u0300-\u036f]*)+)*"
)
_HEADER = re.compile(r"\[([^\[\]{}|]+)\]")
_PART = re.compile(r"\{(?P<slot>[^{}]*)\}|\[(?P<optional>[^\[\]]*)\]")
_NAME = re.compile(r"\w[\w-]*")
_MOST_WORDS = 400
"""A longer phrase is no command; matching one stays quick."""

_MOST_ELEMENTS = 100

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Words with a name; ``choices`` are all that fit, where the pattern says so."""

    name: str
    choices: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Optionally:
    """Words that may be missing: one of ``choices``."""

    choices: tuple[Words, ...]


Element = str | Slot | Optionally


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say an intent."""

    intent: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What stood in a slot; ``text[start:end]`` of the phrase is ``value``."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """The intent of a phrase, and its slots in the order of the phrase."""

    intent: str
    slots: tuple[SlotValue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def parse_patterns(text: str, name: str) -> tuple[Pattern, ...]:
    """Return the patterns of a file.

    Args:
        name: the file's, for the words of an error.

    Raises:
        UsageError: a line is wrong, told with its number, or there is no pattern.
    """
    intent: str | None = None
    patterns = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        written = line.strip()
        if not written or written.startswith(("#", ";")):
            continue
        place = f"{name}:{number}"
        if header := _HEADER.fullmatch(written):
            intent = header[1].strip()
            if not intent:
                raise UsageError(f"{place}: the intent has no name")
            continue
        if intent is None:
            raise UsageError(
                f"{place}: no intent before this pattern",
                hint="start with a line such as [go-to-floor]",
            )
        elements = tuple(_elements(written, place))
        if len(elements) > _MOST_ELEMENTS:
            raise UsageError(
                f"{place}: a pattern can have at most {_MOST_ELEMENTS} words"
            )
        patterns.append(Pattern(intent, elements))
    if not patterns:
        raise UsageError(
            f"{name} contains no patterns",
            hint="name an intent, [go-to-floor], and put its patterns below it",
        )
    return tuple(patterns)


def match(text: str, patterns: Sequence[Pattern]) -> Match | None:
    """Return the intent of a phrase, ``None`` where no pattern fits all of it."""
    tokens = _tokens(text)
    if not tokens or len(tokens) > _MOST_WORDS:
        return None
    best: tuple[int, Pattern, list[tuple[Slot, int, int]]] | None = None
    for pattern in patterns:
        found = _fit(pattern.elements, tokens)
        if found is None:
            continue
        own = len(tokens) - sum(
            last - first for slot, first, last in found if not slot.choices
        )
        if best is None or own > best[0]:
            best = own, pattern, found
    if best is None:
        return None
    _, pattern, found = best
    slots = []
    for slot, first, last in found:
        start, end = tokens[first].start, tokens[last - 1].end
        slots.append(SlotValue(slot.name, text[start:end], start, end))
    return Match(pattern.intent, tuple(slots))


def _elements(written: str, place: str) -> Iterator[Element]:
    at, names = 0, set()
    for part in _PART.finditer(written):
        yield from _literal(written[at : part.start()], place)
        at = part.end()
        if part["optional"] is not None:
            yield Optionally(_choices(part["optional"], place))
            continue
        name, colon, choices = part["slot"].partition(":")
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise UsageError(f"{place}: invalid slot {{{part['slot']}}}")
        if name in names:
            raise UsageError(f"{place}: the slot {{{name}}} occurs twice")
        names.add(name)
        yield Slot(name, _choices(choices, place) if colon else ())
    yield from _literal(written[at:], place)


def _literal(text: str, place: str) -> Iterator[str]:
    if wrong := re.search(r"[][{}|]", text):
        raise UsageError(
            f"{place}: unexpected {wrong[0]!r}",
            hint="slots are {name} or {name:one|two}, optional words [one|two]",
        )
    yield from (token.word for token in _tokens(text))


def _choices(text: str, place: str) -> tuple[Words, ...]:
    choices = tuple(
        tuple(token.word for token in _tokens(choice)) for choice in text.split("|")
    )
    if not all(choices) or re.search(r"[][{}]", text):
        raise UsageError(f"{place}: a choice is empty or nested")
    # The longest that fits is tried first: "top" must not hide "top floor".
    return tuple(sorted(choices, key=len, reverse=True))


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(_folded(found[0]), found.start(), found.end())
        for found in _WORD.finditer(text)
    ]


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).replace("’", "'").casefold()


def _fit(
    elements: Sequence[Element], tokens: Sequence[_Token]
) -> list[tuple[Slot, int, int]] | None:
    """Return the slots with the words they take, or ``None``.

    A slot takes as few words as it can. No pair of element and word is tried twice.
    """
    failed: set[tuple[int, int]] = set()
    path: list[tuple[Slot, int, int]] = []

    def fits(at: int, word: int) -> bool:
        if at == len(elements):
            return word == len(tokens)
        if (at, word) in failed:
            return False
        element = elements[at]
        for end in _ends(element, tokens, word):
            if isinstance(element, Slot):
                path.append((element, word, end))
            if fits(at + 1, end):
                return True
            if isinstance(element, Slot):
                path.pop()
        failed.add((at, word))
        return False

    return path if fits(0, 0) else None


def _ends(element: Element, tokens: Sequence[_Token], start: int) -> Iterator[int]:
    """Yield where an element that begins at a word may end."""
    match element:
        case str():
            if start < len(tokens) and tokens[start].word == element:
                yield start + 1
        case Slot(choices=()):
            yield from range(start + 1, len(tokens) + 1)
        case Slot(choices=choices) | Optionally(choices=choices):
            for choice in choices:
                end = start + len(choice)
                if tuple(token.word for token in tokens[start:end]) == choice:
                    yield end
            if isinstance(element, Optionally):
                yield start
