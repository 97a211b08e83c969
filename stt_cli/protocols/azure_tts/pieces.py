"""What one request may hold, and longer text in pieces that fit.

Bing Speech takes 1,024 characters of SSML, tags counted, and speaks 15 s (2018
document); today's service speaks 10 minutes and ends there without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stt_cli.core.errors import UsageError
from stt_cli.protocols.sentences import pieces
from stt_cli.protocols.ssml import Document, Style, build

# Slow readers of English speak some 12 characters a second; CJK and other
# scripts in which one character is a syllable, some 4.
_CHARACTERS_A_SECOND = 12.0
_SYLLABLES_A_SECOND = 4.0
_FIRST_SYLLABIC = 0x2E80
_FASTEST = 40.0  # nobody is understood at more
_RATES = {"x-slow": 0.5, "slow": 0.65, "fast": 1.3, "x-fast": 2.0}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may hold; ``most_voices`` are elements of SSML."""

    title: str
    most_seconds: float
    most_characters: int | None = None
    most_voices: int | None = None

    @property
    def words(self) -> str:
        """The limits as a message names them."""
        seconds = f"{self.most_seconds:g} s of audio"
        if self.most_characters is None:
            return seconds
        return f"{self.most_characters:,} characters of SSML and {seconds}"

    def check(self, document: Document) -> None:
        """Refuse an SSML document that breaks a limit. Raises ``UsageError``."""
        length = len(document.text)
        if self.most_characters is not None and length > self.most_characters:
            raise self.too_long(f"{length:,} characters of SSML")
        if self.most_voices is not None and len(document.voices) > self.most_voices:
            raise self.too_long(f"{len(document.voices)} voices")
        seconds = len(document.spoken.strip()) / _FASTEST
        if seconds > self.most_seconds:
            raise self.too_long(f"at least {seconds:.0f} s of speech")

    def too_long(self, what: str) -> UsageError:
        """Return the error for an SSML document that breaks a limit."""
        voices = f", {self.most_voices} voices" if self.most_voices else ""
        return UsageError(
            f"the SSML has {what}, but {self.title} accepts {self.words}{voices}",
            hint="split the document, or use plain text, which stt splits "
            "automatically",
        )


BING_LIMITS = Limits("Bing Speech", 15.0, most_characters=1024)
AZURE_LIMITS = Limits("Azure Speech", 600.0, most_voices=50)


def split_text(text: str, style: Style, limits: Limits) -> Iterator[str]:
    """Yield the text in pieces whose documents keep within the limits."""
    yield from pieces(text, _fits(style, limits))


def halves(text: str) -> list[str]:
    """Return a piece in parts of half its length at most, two where it can be.

    For a service that found it too long after all. What has at least two characters
    comes back in shorter parts.
    """
    longest = (len(text) + 1) // 2
    return list(pieces(text, lambda piece: len(piece) <= longest))


def _fits(style: Style, limits: Limits) -> Callable[[str], bool]:
    def fits(piece: str) -> bool:
        if estimated_seconds(piece, style) > limits.most_seconds:
            return False
        most = limits.most_characters
        return most is None or len(build(piece, style)) <= most

    return fits


def estimated_seconds(text: str, style: Style) -> float:
    """Return how long a text takes to speak, rather too long than too short."""
    syllabic = sum(ord(character) >= _FIRST_SYLLABIC for character in text)
    seconds = syllabic / _SYLLABLES_A_SECOND
    seconds += (len(text) - syllabic) / _CHARACTERS_A_SECOND
    document = build(text, style)
    pauses = sum(
        document.count(pause.tag) * float(pause.value.removesuffix("ms")) / 1000
        if pause.attribute == "time"
        else document.count(pause.tag)
        for pause in {pause.tag: pause for pause in style.breaks}.values()
    )
    return seconds / _speed(style.rate) + pauses


def _speed(rate: str | None) -> float:
    if rate is None:
        return 1.0
    if rate.endswith("%"):
        return max(0.1, 1 + float(rate[:-1]) / 100)
    try:
        return max(0.1, float(rate))
    except ValueError:
        return _RATES.get(rate, 1.0)
