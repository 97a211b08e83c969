"""What of a decoding is believed.

Whisper always answers, to noise and music as well: "Thank you.", or one sentence
over and over. Each gate has a constant with what it was measured on.
"""

from __future__ import annotations

import zlib

LOWEST_LOG_PROBABILITY = -1.0
"""Mean log-probability of a token below which a text counts as made up.

All of ten phantoms (hiss, hum, clicks, beeps, music) had -1.38 or less, all of 87
segments of real speech, noisy and over a telephone, -0.77 or more. It is also
Whisper's own threshold (Radford et al. 2022, section 4.5)."""

HIGHEST_COMPRESSION_RATIO = 2.4
"""Bytes over compressed bytes above which a text only repeats itself.

Whisper's own threshold: speech of a window stays below 2, a loop goes beyond 3.
Two of 55 windows of a long recording looped; cut in halves, they did not."""

LEAST_NO_SPEECH_OF_MUSIC = 0.2
"""Probability of no speech from which a text that repeats itself is no speaker's.

The model tells it with the first token. Of 28 windows of speech, clean, in noise, in
babble and from afar, all had 0.13 or less; of 30 windows of music, ringing, beeps,
clicks, noise and mixtures of them 0.20 or more."""


def is_likely(mean_log_probability: float) -> bool:
    """Whether the model itself believes its text."""
    return mean_log_probability >= LOWEST_LOG_PROBABILITY


def repeats_itself(text: str) -> bool:
    """Whether a text is a loop."""
    data = text.encode()
    return bool(data) and len(data) / len(zlib.compress(data)) > (
        HIGHEST_COMPRESSION_RATIO
    )


def is_no_speech(probability: float) -> bool:
    """Whether a loop comes from music and the like, and not from a speaker."""
    return probability >= LEAST_NO_SPEECH_OF_MUSIC


def has_words(text: str) -> bool:
    """Whether a text is more than punctuation and signs."""
    return any(character.isalnum() for character in text)
