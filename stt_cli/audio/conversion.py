"""From any samples to 16-bit mono PCM at the rate a recognizer wants.

Audio that already is so passes through untouched, and neither numpy nor soxr
is loaded for it. All else is decoded to float, mixed to one channel and, where
the rate differs, resampled by soxr as a stream: constant memory, and the same
samples however the input is cut into blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from stt_cli.audio.mixing import Downmix, Mixer
from stt_cli.audio.wav import SAMPLE_BYTES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_BYTES_OUT = 2


def convert(
    blocks: Iterable[bytes],
    codec: str,
    channels: int,
    rate: int,
    target_rate: int,
    mixer: Mixer | None = None,
) -> Iterator[bytes]:
    """Yield 16-bit mono PCM at ``target_rate`` for encoded samples.

    Args:
        blocks: bytes of any length, cut anywhere; a partial last frame is dropped.
        codec: a key of ``SAMPLE_BYTES``.
        mixer: makes one channel of several; all are mixed by default.
    """
    frames = whole_frames(blocks, SAMPLE_BYTES[codec] * channels)
    if codec == "pcm_s16le" and channels == 1 and rate == target_rate:
        return frames
    decoded = (_decode(block, codec, channels) for block in frames)
    return convert_samples(decoded, rate, target_rate, mixer)


def convert_samples(
    blocks: Iterable[Samples],
    rate: int,
    target_rate: int,
    mixer: Mixer | None = None,
) -> Iterator[bytes]:
    """Yield 16-bit mono PCM for float samples of shape ``(frames, channels)``.

    Raises:
        AudioError: no sample is a number.
    """
    mixed = (mixer or Downmix(rate)).mix(blocks)
    if rate != target_rate:
        mixed = _resample(mixed, rate, target_rate)
    for block in mixed:
        if len(block):
            yield _to_int16(block)


def whole_frames(blocks: Iterable[bytes], frame_bytes: int) -> Iterator[bytes]:
    """Re-cut bytes so that no frame is split; a partial last frame is dropped."""
    carried = b""
    for block in blocks:
        data = carried + block if carried else block
        whole = len(data) - len(data) % frame_bytes
        carried = data[whole:]
        if whole:
            yield data[:whole] if carried else data


def regroup(blocks: Iterable[bytes], block_bytes: int) -> Iterator[bytes]:
    """Re-cut bytes into blocks of exactly that length; the last may be shorter."""
    pending = bytearray()
    for block in blocks:
        if not pending and len(block) == block_bytes:
            yield block
            continue
        pending += block
        while len(pending) >= block_bytes:
            yield bytes(pending[:block_bytes])
            del pending[:block_bytes]
    if pending:
        yield bytes(pending)


def block_length(sample_rate: int, block_seconds: float) -> int:
    """Return how many bytes of 16-bit mono PCM last that long; at least one sample."""
    return max(1, round(sample_rate * block_seconds)) * _BYTES_OUT


def _decode(block: bytes, codec: str, channels: int) -> Samples:
    import numpy as np

    samples: Samples
    if codec == "pcm_s16le":
        samples = np.frombuffer(block, "<i2").astype(np.float32) / np.float32(32768)
    elif codec == "pcm_u8":
        samples = np.frombuffer(block, "u1").astype(np.float32) / np.float32(128) - 1
    elif codec == "pcm_s24le":
        samples = _decode_24_bit(block)
    elif codec == "pcm_s32le":
        samples = (np.frombuffer(block, "<i4") / 2147483648).astype(np.float32)
    elif codec == "mulaw":
        samples = _mulaw_table()[np.frombuffer(block, "u1")]
    elif codec == "alaw":
        samples = _alaw_table()[np.frombuffer(block, "u1")]
    else:
        kind = "<f4" if codec == "pcm_f32le" else "<f8"
        with np.errstate(all="ignore"):  # numbers beyond all measure become infinite
            samples = np.frombuffer(block, kind).astype(np.float32)
    return samples.reshape(-1, channels)


def _decode_24_bit(block: bytes) -> Samples:
    import numpy as np

    octets = np.frombuffer(block, "u1").reshape(-1, 3).astype(np.int32)
    value = octets[:, 0] << 8 | octets[:, 1] << 16 | octets[:, 2] << 24
    return (value / 2147483648).astype(np.float32)


def _mulaw_table() -> Samples:
    """The 256 values of ITU-T G.711 mu-law, table 2."""
    import numpy as np

    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << (code >> 4 & 7)) - 0x84
    signed = np.where(code & 0x80, -magnitude, magnitude)
    return (signed / 32768).astype(np.float32)


def _alaw_table() -> Samples:
    """The 256 values of ITU-T G.711 A-law, table 1."""
    import numpy as np

    code = np.arange(256) ^ 0x55
    exponent, mantissa = code >> 4 & 7, (code & 0x0F) << 4
    shift = np.maximum(exponent - 1, 0)
    magnitude = np.where(exponent == 0, mantissa + 8, mantissa + 0x108 << shift)
    signed = np.where(code & 0x80, magnitude, -magnitude)
    return (signed / 32768).astype(np.float32)


def _resample(
    blocks: Iterable[Samples], rate: int, target_rate: int
) -> Iterator[Samples]:
    import numpy as np
    import soxr

    stream: Any = soxr.ResampleStream(rate, target_rate, 1, dtype="float32")
    try:
        for block in blocks:
            yield stream.resample_chunk(np.ascontiguousarray(block), last=False)
        yield stream.resample_chunk(np.zeros(0, np.float32), last=True)
    finally:
        # An error that is kept until the end keeps this frame; the binding prints
        # a line for each stream that is still there then.
        del stream


def _to_int16(block: Samples) -> bytes:
    import numpy as np

    scaled = np.rint(np.clip(block, -1.0, 1.0) * 32768)
    return np.minimum(scaled, 32767).astype("<i2").tobytes()
