"""REST or WebSocket for one recording: what ``auto`` chooses, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.options import RecognizeOptions, Transport
from stt_cli.providers.azure.flavor import ShortAudioRules

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_AS_THEY_ARE = ("opus", "silk", "siren", "sirensr")


def choose_transport(
    source: AudioSource, options: RecognizeOptions, rules: ShortAudioRules
) -> tuple[Transport, str | None]:
    """Return the transport, and why where it was not asked for by name.

    Raises:
        UsageError: REST was asked for, and cannot do what else was.
    """
    needs = _needs_the_socket(options)
    if options.transport is Transport.REST:
        _check_rest(source, needs, rules.most_seconds)
        return Transport.REST, None
    if options.transport is not Transport.AUTO:
        return options.transport, None
    if needs is not None:
        return Transport.WEBSOCKET, f"{needs} needs the WebSocket"
    if source.live:
        return Transport.WEBSOCKET, "the audio is live"
    length = source.duration
    if length is None:
        return Transport.WEBSOCKET, "its length is not known"
    if source.encoding.codec in _AS_THEY_ARE:
        return Transport.WEBSOCKET, f"{source.encoding.codec} is sent as it is"
    limit = rules.auto_seconds
    if length > limit:
        return Transport.WEBSOCKET, f"it is longer than {limit:g} s"
    return Transport.REST, f"it is shorter than {limit:g} s"


def _needs_the_socket(options: RecognizeOptions) -> str | None:
    wishes = (
        (options.interim is True, "--interim"),
        (options.words, "--words"),
        (options.speakers, "--speakers"),
        (bool(options.phrases), "--phrase"),
        (options.turns is not None, "--turns"),
        (options.wake is not None, "--wake"),
    )
    return next((name for wished, name in wishes if wished), None)


def _check_rest(source: AudioSource, needs: str | None, most: float) -> None:
    if needs is not None:
        raise UsageError(
            f"REST gives one final result, and {needs} needs more",
            hint="use --transport websocket, or auto",
        )
    if not source.live and source.duration is not None and source.duration > most:
        raise too_long(source.duration, most)


def exact_seconds(seconds: float) -> str:
    """Return a length to the millisecond: ``15.02 s`` is more than 15 s."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + " s"


def too_long(seconds: float, most: float) -> UsageError:
    """Return the error for a recording that REST does not take."""
    return UsageError(
        f"REST takes {most:g} s of audio at most, and this is {exact_seconds(seconds)} "
        "long",
        hint="use --transport websocket, or auto",
    )
