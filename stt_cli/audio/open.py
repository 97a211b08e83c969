"""From what a user typed to a source: a file, ``-``, a FIFO or an address."""

from __future__ import annotations

import stat
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from stt_cli.audio.faults import about
from stt_cli.audio.file_source import FileSource
from stt_cli.audio.inputs import STDIN, is_url
from stt_cli.audio.sniffing import AUDIO_SUFFIXES
from stt_cli.audio.source import AudioSource
from stt_cli.core.address import parse_address
from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError, UsageError
from stt_cli.core.secret import mask_secrets

if TYPE_CHECKING:
    from stt_cli.audio.ffmpeg import Ffmpeg, FindFfmpeg

RAW_SUFFIXES = frozenset({".raw", ".pcm"})
_RATES = range(4_000, 384_001)


def open_source(
    argument: str,
    environment: Environment,
    *,
    raw_rate: int | None = None,
    name: str | None = None,
) -> AudioSource:
    """Return the source that ``argument`` names; nothing is read from it yet.

    Args:
        argument: a path, ``-`` for standard input, or an ``http(s)://`` address.
        raw_rate: hertz of headerless 16-bit little-endian mono PCM. It counts for
            standard input, for ``.raw`` and ``.pcm``, and for names that say nothing.
        name: what the user calls it, where that is not ``argument``.

    Raises:
        AudioError: there is no such file, it is a folder, it may not be read.
        UsageError: raw PCM without a rate, or an impossible rate.
    """
    if raw_rate is not None and raw_rate not in _RATES:
        raise UsageError(
            f"invalid --raw-rate {raw_rate}",
            hint="use a sample rate in hertz, for example --raw-rate 16000",
        )
    find = partial(_found_ffmpeg, environment)
    if argument == STDIN:
        from stt_cli.audio.stream_source import StreamSource

        return StreamSource(
            lambda: _stdin(environment),
            name=name or STDIN,
            raw_rate=raw_rate,
            find_ffmpeg=find,
        )
    if is_url(argument):
        _check_address(argument)
        from stt_cli.audio.web_source import WebSource

        rate = _raw_rate(argument, raw_rate)
        return WebSource(
            argument, environment, name=name, raw_rate=rate, find_ffmpeg=find
        )
    return _open_path(Path(argument), name, raw_rate, find)


def _found_ffmpeg(environment: Environment) -> Ffmpeg | None:
    from stt_cli.audio.ffmpeg import find_ffmpeg

    return find_ffmpeg(environment.variables)


def _open_path(
    path: Path, name: str | None, raw_rate: int | None, find: FindFfmpeg
) -> AudioSource:
    shown = name or str(path)
    with about(shown):
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise AudioError(
                "this is a folder, not a recording",
                hint="pass the recordings in it, for example folder/*.wav",
            )
        if stat.S_ISFIFO(mode):
            from stt_cli.audio.stream_source import StreamSource

            return StreamSource(
                lambda: path.open("rb"),
                name=shown,
                raw_rate=raw_rate,
                closes=True,
                find_ffmpeg=find,
            )
        if not stat.S_ISREG(mode):
            raise AudioError(
                "this is a device, not a recording",
                hint="pass a file, - for stdin, or --mic for the microphone",
            )
    rate = _raw_rate(str(path), raw_rate)
    return FileSource(path, name=name, raw_rate=rate, find_ffmpeg=find)


def _raw_rate(argument: str, raw_rate: int | None) -> int | None:
    """Return the rate if the input is raw PCM by its name, else ``None``."""
    suffix = Path(
        urlsplit(argument).path if is_url(argument) else argument
    ).suffix.lower()
    if suffix in RAW_SUFFIXES:
        if raw_rate is None:
            raise UsageError(
                f"{argument}: the sample rate of raw PCM is unknown",
                hint="add --raw-rate HZ, for example --raw-rate 16000",
            )
        return raw_rate
    return None if suffix in AUDIO_SUFFIXES else raw_rate


def _check_address(url: str) -> None:
    try:
        parse_address(url)
    except ValueError as fault:
        raise UsageError(
            f"invalid URL {mask_secrets(url)}: {fault}",
            hint="use a URL such as https://host/path",
        ) from fault


def _stdin(environment: Environment) -> BinaryIO:
    if environment.stdin is None or environment.stdin.closed:
        raise AudioError("stdin is closed", hint="use a file instead")
    if environment.stdin.isatty():
        raise AudioError(
            "stdin is a terminal",
            hint="pipe in audio, or use --mic to record",
        )
    return environment.stdin
