"""How fast audio is sent that exists already."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.options import Pace
from stt_cli.protocols.usp.limits import PACE, UNPACED_SECONDS


@dataclass(frozen=True, slots=True)
class Pacer:
    """``ahead`` seconds of audio go at once, then ``speed`` of it a second."""

    ahead: float
    speed: float

    def delay(self, audio_seconds: float, elapsed: float) -> float:
        """Return how long to wait before sending on.

        Args:
            audio_seconds: how much audio of the turn was sent.
            elapsed: seconds since the turn's first audio.
        """
        if self.speed == float("inf"):
            return 0.0
        return max(0.0, (audio_seconds - self.ahead) / self.speed - elapsed)

    def burst(self, audio_seconds: float, elapsed: float) -> float:
        """Return how many seconds of audio may go now, at once."""
        if self.speed == float("inf"):
            return 1.0
        return min(1.0, max(0.0, self.ahead + self.speed * elapsed - audio_seconds))


def pacer_for(pace: Pace, *, live: bool) -> Pacer:
    """Return the pacer of a wish; live audio comes at its own pace."""
    if live or pace is Pace.FAST:
        return Pacer(0.0, float("inf"))
    if pace is Pace.REALTIME:
        return Pacer(0.0, 1.0)
    return Pacer(UNPACED_SECONDS, PACE)
