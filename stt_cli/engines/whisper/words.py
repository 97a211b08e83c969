"""Words with times: tokens gathered into words, aligned with the audio.

CTranslate2 aligns tokens with the audio by the attention of chosen heads, in steps
of 20 ms. It knows no pauses, so times are held against where the voice-activity
detector heard speech.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stt_cli.engines.decoding import Span
from stt_cli.engines.whisper.tokens import decode, token_bytes

STEP_SECONDS = 0.02
"""What one step of the decoder's attention covers (Radford et al. 2022, 2.2)."""

_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "my", "yue", "km"})
_OPENING = ("Ps", "Pi")  # Unicode's categories of brackets and quotes that open
_SHORTEST_S = 0.02
_FARTHEST_S = 0.7  # that a border of words lies from the pause it belongs to


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A word's text, and which tokens it is made of."""

    text: str
    first: int
    end: int


def split_words(tokens: Sequence[str], language: str) -> list[TokenSpan]:
    """Gather tokens of text into words; punctuation belongs to a word beside it."""
    words: list[TokenSpan] = []
    for text, first, end in _characters(tokens):
        last = words[-1] if words else None
        if last is None or _begins_a_word(text, last.text, language):
            words.append(TokenSpan(text, first, end))
        else:
            words[-1] = TokenSpan(last.text + text, last.first, end)
    return [TokenSpan(word.text.strip(), word.first, word.end) for word in words]


def _begins_a_word(text: str, before: str, language: str) -> bool:
    if text.startswith(" "):
        return bool(before.strip())
    if language not in _WITHOUT_SPACES or not text[0].isalnum():
        return not text[0].isalnum() and _opens(text) and language in _WITHOUT_SPACES
    return not all(_opens(character) for character in before.strip())


def _opens(text: str) -> bool:
    return unicodedata.category(text[0]) in _OPENING


def _characters(tokens: Sequence[str]) -> list[tuple[str, int, int]]:
    """Join tokens that are parts of one character; yield text and token indices."""
    found = []
    first, data = 0, b""
    for index, token in enumerate(tokens):
        data += token_bytes(token)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        if text:
            found.append((text, first, index + 1))
        first, data = index + 1, b""
    if data and (rest := decode(list(tokens[first:]))):
        found.append((rest, first, len(tokens)))
    return found


def token_times(alignments: Sequence[tuple[int, int]], count: int) -> list[float]:
    """Return when each of ``count`` tokens begins, and when the last one ends.

    Args:
        alignments: pairs of token and step, along the best path.
    """
    times: list[float] = []
    for token, step in alignments:
        while len(times) <= token:
            times.append(step * STEP_SECONDS)
    end = alignments[-1][1] * STEP_SECONDS if alignments else 0.0
    return [*times, *[end] * (count + 1 - len(times))][: count + 1]


def parted_at_pauses(words: Sequence[Span], speech: Sequence[Span]) -> list[Span]:
    """Move each pause to the border of two words that is nearest to it.

    The alignment knows no pauses: it stretches a word over one, or puts the border
    of two words beside it.

    Args:
        words: where each word begins and ends, one after the other.
        speech: where people speak; what is between is pauses.
    """
    parted = list(words)
    for (_, pause_start), (pause_end, _) in pairwise(speech):
        borders = [
            (max(pause_start - end, end - pause_end, 0.0), index)
            for index, (_, end) in enumerate(parted[:-1])
        ]
        if not borders:
            continue
        distance, index = min(borders)
        start, end = parted[index][0], parted[index + 1][1]
        if distance <= _FARTHEST_S and start < pause_start and pause_end < end:
            parted[index] = (start, pause_start)
            parted[index + 1] = (pause_end, end)
    first, last = speech[0][0], speech[-1][1]
    within = ((max(start, first), min(end, last)) for start, end in parted)
    return [(start, max(end, start + _SHORTEST_S)) for start, end in within]
