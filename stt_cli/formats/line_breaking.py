"""Where a line of text may break, how wide it is, and how it is wrapped evenly.

Text is cut into pieces between which a line may end: words where there are
spaces, single characters where there are none (Chinese, Japanese), slices of a
word that is longer than a line. Width is counted in columns, a wide character
as two, as terminals and subtitle editors do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category, combining, east_asian_width

# Han, kana and the full-width forms: scripts written without spaces whose
# characters may each end a line. Korean is wide too, but has spaces.
_UNSPACED = re.compile(
    "[\u2e80-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffef"
    "\U00020000-\U0003ffff]"
)
# Small kana, prolonged sound and iteration marks never start a line (JIS X 4051).
_NEVER_FIRST = frozenset(
    "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〻ゝゞヽヾ〜～"
)
_SENTENCE_END = re.compile(r"[.!?…。！？｡؟।]['\"”’»›)\]」』）]*$")
_CLAUSE_END = re.compile(r"[,;:、，；：،–—]['\"”’»›)\]」』）]*$")
_ABBREVIATIONS = frozenset({"mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "jr.", "sr."})


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is never broken, and whether a space stands before it."""

    text: str
    spaced: bool

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence ends here, abbreviations apart."""
        return _ending(self.text) == "sentence"

    @property
    def ends_clause(self) -> bool:
        """Whether a comma or the like ends a part of the sentence here."""
        return _ending(self.text) == "clause"


@lru_cache(maxsize=65_536)
def _ending(text: str) -> str | None:
    if _SENTENCE_END.search(text) and text.lower() not in _ABBREVIATIONS:
        return "sentence"
    return "clause" if _CLAUSE_END.search(text) else None


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if combining(character) or category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Return the columns that ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def pieces(text: str, longest: int) -> list[Piece]:
    """Cut ``text`` into pieces, none wider than ``longest`` columns (at least 2)."""
    found: list[Piece] = []
    for word in text.split():
        spaced = True
        for unit in _units(word):
            for part in _slices(unit, longest):
                found.append(Piece(part, spaced))
                spaced = False
    return found


def joined(parts: Sequence[Piece]) -> str:
    """Return pieces as text again, without a space at the start."""
    text = "".join(" " + part.text if part.spaced else part.text for part in parts)
    return text.removeprefix(" ")


def wrapped(parts: Sequence[Piece], longest: int) -> tuple[str, ...]:
    """Return as few lines as possible, as even as possible, after commas rather."""
    total = len(parts)
    widths = [width(part.text) for part in parts]
    # best[n]: lines needed for the first n pieces, how uneven they are, and
    # where the last of them starts.
    best: list[tuple[int, int, int]] = [(0, 0, 0)]
    for end in range(1, total + 1):
        choices = []
        columns = 0
        for start in range(end - 1, -1, -1):
            columns += widths[start]
            if end - start > 1:
                columns += parts[start + 1].spaced
            if columns > longest and end - start > 1:
                break
            lines, uneven, _ = best[start]
            slack = max(longest - columns, 0) ** 2
            last = parts[end - 1]
            nicer = end < total and (last.ends_clause or last.ends_sentence)
            bonus = longest * longest // 20 if nicer else 0
            choices.append((lines + 1, uneven + slack - bonus, start))
        best.append(min(choices))
    return _lines_of(parts, best)


def _lines_of(
    parts: Sequence[Piece], best: Sequence[tuple[int, int, int]]
) -> tuple[str, ...]:
    lines: list[str] = []
    end = len(parts)
    while end:
        start = best[end][2]
        lines.append(joined(parts[start:end]))
        end = start
    return tuple(reversed(lines))


def _units(word: str) -> Iterator[str]:
    """Cut a word wherever its script allows a line to end inside it."""
    if word.isascii():
        yield word
        return
    start = 0
    for at in range(1, len(word)):
        if _may_break(word[at - 1], word[at]):
            yield word[start:at]
            start = at
    yield word[start:]


def _may_break(before: str, after: str) -> bool:
    if not (_UNSPACED.match(before) or _UNSPACED.match(after)):
        return False
    if after in _NEVER_FIRST or category(after) in ("Pe", "Pf", "Po", "Mn", "Mc"):
        return False
    return category(before) not in ("Ps", "Pi")


def _slices(unit: str, longest: int) -> Iterator[str]:
    """Cut what is wider than a line, never before a combining character."""
    if width(unit) <= longest:
        yield unit
        return
    start = columns = 0
    for at, character in enumerate(unit):
        columns += _character_width(character)
        if columns > longest:
            yield unit[start:at]
            start, columns = at, _character_width(character)
    yield unit[start:]
