"""The numbers of the protocol, each with its source.

Sources: "Speech Service WebSocket protocol" and "Recognition with REST" of the
2018 Bing Speech documentation (2018), and measurements of Microsoft's Speech
SDK 1.53 (SDK).
"""

from __future__ import annotations

TICKS_A_SECOND = 10_000_000  # a tick is 100 ns (2018, speech.phrase)

LARGEST_HEADERS = 8_192  # bytes of headers in a binary message (2018)
LARGEST_AUDIO = 8_192  # bytes of audio in a binary message (2018)
LARGEST_AUDIO_SEEN = 12_800  # those of Microsoft's JavaScript SDK of 2018

SAMPLE_RATE = 16_000
BYTES_A_SAMPLE = 2
BYTES_A_SECOND = SAMPLE_RATE * BYTES_A_SAMPLE

CONNECTION_SECONDS = 600.0  # a connection's longest life (2018)
IDLE_SECONDS = 180.0  # without a message in either direction (2018)
INTERACTIVE_SECONDS = 15.0  # longest interactive utterance (2018)
DICTATION_SECONDS = 600.0  # longest dictation (2018)

LONGEST_METRIC_ERROR = 50  # characters (2018, telemetry schema)

# How fast the SDK sends audio that exists already: five seconds at once, then
# twice as fast as it was spoken.
UNPACED_SECONDS = 5.0
PACE = 2.0


def ticks_to_seconds(ticks: int) -> float:
    """Return seconds of a number of 100-nanosecond ticks."""
    return ticks / TICKS_A_SECOND


def seconds_to_ticks(seconds: float) -> int:
    """Return whole 100-nanosecond ticks."""
    return round(seconds * TICKS_A_SECOND)


def ticks_to_bytes(ticks: int) -> int:
    """Return how many bytes of 16 kHz 16-bit mono PCM a number of ticks is.

    Rounded down to a whole sample, so that audio cut there stays in step.
    """
    samples = ticks * SAMPLE_RATE // TICKS_A_SECOND
    return max(samples, 0) * BYTES_A_SAMPLE


def bytes_to_ticks(count: int) -> int:
    """Return how many ticks a number of bytes of such PCM lasts."""
    return count * TICKS_A_SECOND // BYTES_A_SECOND
