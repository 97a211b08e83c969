"""Where sentences end, and text cut into pieces that a service's limit lets pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Ends of sentences in Latin, Cyrillic, Arabic, Devanagari, Ethiopic, Armenian and
# CJK writing, with the quotes and brackets that may follow. The CJK marks need no
# space after them.
_END = re.compile(
    r"(?:[.!?…؟۔।॥։።]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”’）]*|\n\s*\n)\s*"
)
_CLAUSE = re.compile(r"[,;:،、，；：–—](?=\s|$)\s*|[、，；：]")
_SPACE = re.compile(r"\s+")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; joined they are the text again."""
    yield from _cut(text, _END)


def pieces(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield the text in pieces that fit, as few as whole sentences allow.

    A sentence too long is cut at a comma or the like, then between words, then
    anywhere. Pieces are stripped of the space around them and never empty.

    Args:
        fits: whether a piece may be sent; a single character always may.
    """
    waiting = ""
    for part in _small_enough(text, fits, (_END, _CLAUSE, _SPACE)):
        if waiting and not fits((waiting + part).strip()):
            yield waiting.strip()
            waiting = ""
        waiting += part
        if not waiting.strip():
            waiting = ""
    if waiting.strip():
        yield waiting.strip()


def _small_enough(
    text: str, fits: Callable[[str], bool], cuts: tuple[re.Pattern[str], ...]
) -> Iterator[str]:
    if fits(text.strip()) or len(text) <= 1:
        yield text
    elif cuts:
        for part in _cut(text, cuts[0]):
            yield from _small_enough(part, fits, cuts[1:])
    else:
        middle = len(text) // 2
        yield from _small_enough(text[:middle], fits, ())
        yield from _small_enough(text[middle:], fits, ())


def _cut(text: str, end: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for match in end.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]
