"""When a speaker has finished: speech was heard, and then enough silence."""

from __future__ import annotations

from collections import deque

from stt_cli.audio.voice_activity import (
    FRAME_BYTES,
    FRAME_SECONDS,
    IsVoice,
    webrtc_detector,
)

# As much voice as begins an utterance: a click is no speech.
_WINDOW_FRAMES = 10
_VOTES = 6


class EndOfSpeech:
    """Follows 16 kHz PCM and tells when ``silence`` seconds came after speech."""

    def __init__(self, silence: float, is_voice: IsVoice | None = None) -> None:
        self._is_voice = is_voice or webrtc_detector()
        self._wanted = max(1, round(silence / FRAME_SECONDS))
        self._votes: deque[bool] = deque(maxlen=_WINDOW_FRAMES)
        self._pending = bytearray()
        self._spoken = False
        self._quiet = 0

    def receive(self, block: bytes) -> bool:
        """Take the next PCM; return whether speech has ended by now."""
        self._pending += block
        while len(self._pending) >= FRAME_BYTES:
            voice = self._is_voice(bytes(self._pending[:FRAME_BYTES]))
            del self._pending[:FRAME_BYTES]
            self._votes.append(voice)
            self._spoken = self._spoken or sum(self._votes) >= _VOTES
            self._quiet = 0 if voice else self._quiet + 1
        return self._spoken and self._quiet >= self._wanted
