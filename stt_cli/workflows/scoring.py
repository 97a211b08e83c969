"""How far a transcript is from a reference: word and character error rates.

The counting is jiwer's. What counts as a difference is decided before, by a named
normalization, since a rate means nothing without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import jiwer

_APOSTROPHES = re.compile("[’‘ʼ`´]")
_NOT_IN_WORDS = re.compile(r"[^\w\s']|_|(?<!\w)'|'(?!\w)")


class Normalization(StrEnum):
    """What is made equal before words are compared.

    ``basic``: case, punctuation, typographic apostrophes and Unicode's compatibility
    forms (NFKC) do not count. ``none``: every character counts.
    """

    BASIC = "basic"
    NONE = "none"


class Difference(StrEnum):
    """How a stretch of words differs from the reference."""

    EQUAL = "equal"
    SUBSTITUTED = "substituted"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class AlignedWords:
    """A stretch of the alignment; one side is empty for insertions and deletions."""

    difference: Difference
    reference: tuple[str, ...]
    hypothesis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One result held against its reference; rates are fractions, 0.1 for 10 %.

    The word error rate is (substitutions + deletions + insertions) / reference
    words, and can exceed 1.
    """

    name: str
    word_error_rate: float
    character_error_rate: float
    substitutions: int
    deletions: int
    insertions: int
    reference_words: int
    normalization: Normalization
    alignment: tuple[AlignedWords, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the score as ``stt score --json`` prints it."""
        return {
            "input": self.name,
            "wer": round(self.word_error_rate, 6),
            "cer": round(self.character_error_rate, 6),
            "substitutions": self.substitutions,
            "deletions": self.deletions,
            "insertions": self.insertions,
            "reference_words": self.reference_words,
            "normalization": str(self.normalization),
            "alignment": [
                {
                    "type": str(part.difference),
                    "reference": " ".join(part.reference),
                    "hypothesis": " ".join(part.hypothesis),
                }
                for part in self.alignment
            ],
        }


def score(
    reference: str,
    hypothesis: str,
    name: str,
    normalization: Normalization = Normalization.BASIC,
) -> Score:
    """Hold a hypothesis against a reference.

    Raises:
        ConfigurationError: jiwer (the extra ``score``) is not installed.
        UsageError: the reference has no words, so that no rate exists.
    """
    jiwer = _jiwer()
    normalize = _NORMALIZERS[normalization]
    wanted, got = normalize(reference), normalize(hypothesis)
    if not wanted:
        raise UsageError(
            "the reference has no words",
            hint="pass the file with the correct text first",
        )
    words = jiwer.process_words(wanted, got)
    characters = jiwer.process_characters(wanted, got)
    return Score(
        name=name,
        word_error_rate=words.wer,
        character_error_rate=characters.cer,
        substitutions=words.substitutions,
        deletions=words.deletions,
        insertions=words.insertions,
        reference_words=words.hits + words.substitutions + words.deletions,
        normalization=normalization,
        alignment=tuple(_aligned(words)),
    )


def pooled_word_error_rate(scores: Sequence[Score]) -> float:
    """Return the error rate over all results together, long ones weighing more."""
    errors = sum(s.substitutions + s.deletions + s.insertions for s in scores)
    return errors / sum(s.reference_words for s in scores)


def normalized(text: str) -> str:
    """Return text as ``basic`` compares it: words in lower case, one blank apart."""
    plain = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(_NOT_IN_WORDS.sub(" ", plain).split())


_NORMALIZERS: dict[Normalization, Callable[[str], str]] = {
    Normalization.BASIC: normalized,
    Normalization.NONE: lambda text: " ".join(text.split()),
}


def _aligned(words: jiwer.WordOutput) -> list[AlignedWords]:
    kinds = {
        "equal": Difference.EQUAL,
        "substitute": Difference.SUBSTITUTED,
        "delete": Difference.DELETED,
        "insert": Difference.INSERTED,
    }
    reference, hypothesis = words.references[0], words.hypotheses[0]
    return [
        AlignedWords(
            kinds[chunk.type],
            tuple(reference[chunk.ref_start_idx : chunk.ref_end_idx]),
            tuple(hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx]),
        )
        for chunk in words.alignments[0]
    ]


def _jiwer() -> Any:
    try:
        import jiwer
    except ImportError:
        raise ConfigurationError(
            "scoring requires jiwer, which is not installed",
            hint="run `pip install 'stt-cli[score]'`",
        ) from None
    return jiwer
