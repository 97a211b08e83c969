"""Whether a transcript reaches the end of its audio: a rule as data.

A service that breaks off, or a decoder that gives up, mostly ends with success.
Where the last word stands tells it, though silence at the end looks the same:
what comes of this is a warning and never a failure.
"""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript

# An utterance was asked for, not the recording; its provider says what it left out.
_ONE_UTTERANCE = "interactive"


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """Audio longer than ``over_seconds`` is to be covered to ``least_share``.

    A minute of hold music behind a short message is common, so that short audio
    is left alone; recordings that lost 40 % of their end are not.
    """

    over_seconds: float = 60.0
    least_share: float = 0.6


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A transcript whose last word ends at ``end`` of ``length`` seconds."""

    end: float
    length: float

    @property
    def share(self) -> float:
        """How much of the audio the transcript covers, from 0 to 1."""
        return self.end / self.length

    @property
    def message(self) -> str:
        """What a user is told."""
        return (
            f"the transcript ends at {self.end:.1f} s of {self.length:.1f} s "
            f"({self.share:.0%})"
        )

    @property
    def hint(self) -> str:
        """What a user can do."""
        return (
            f"check the recording from {self.end:.0f} s on; if there is speech, try "
            "again, or use a different --transport or -p"
        )


def shortfall(
    transcript: Transcript,
    length: float | None = None,
    rule: CoverageRule = CoverageRule(),
    *,
    turns: int | None = None,
) -> Shortfall | None:
    """Return by how much a good transcript misses its audio's end, or ``None``.

    Args:
        length: seconds of the recording, where they are known; a service may have
            heard less of it, and then says that this was all.
        turns: how many were asked for, if not all that is in the audio.
    """
    if turns is not None:
        return None  # it was to end before its audio does
    if transcript.status is not RecognitionStatus.SUCCESS:
        return None  # it says already that something is amiss
    if transcript.mode == _ONE_UTTERANCE:
        return None
    length = max(length or 0.0, transcript.duration or 0.0)
    end = _last_end(transcript.segments)
    if end is None or length <= rule.over_seconds or end >= length * rule.least_share:
        return None
    return Shortfall(end, length)


def _last_end(segments: tuple[Segment, ...]) -> float | None:
    """Return where the last word ends; unknown if any phrase lacks its time."""
    ends: list[float] = []
    for segment in segments:
        if not segment.text:
            continue
        times = [segment.end, *(word.end for word in segment.words)]
        known = [time for time in times if time is not None]
        if not known:
            return None
        ends.append(max(known))
    return max(ends, default=None)
