"""How fast audio is sent that exists already."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.options import Pace


@dataclass(frozen=True, slots=True)
class Pacer:
    """``ahead`` seconds of audio go at once, then ``speed`` of it a second."""

    ahead: float
    speed: float

    @classmethod
    def of(cls, pace: Pace, *, live: bool, ahead: float, speed: float) -> Pacer:
        """Return the pacer for ``--pace``; ``ahead`` and ``speed`` are for ``auto``.

        Live audio comes at its own pace.
        """
        if live or pace is Pace.FAST:
            return cls(0.0, float("inf"))
        return cls(0.0, 1.0) if pace is Pace.REALTIME else cls(ahead, speed)

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
