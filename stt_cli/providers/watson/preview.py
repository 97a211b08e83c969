"""The requests of a recognition as text, for ``--dry-run``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stt_cli.core.errors import AudioError
from stt_cli.core.options import RecognizeOptions, Transport
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.models import is_of_2018
from stt_cli.protocols.watson.realtime import start_message
from stt_cli.providers.upload_estimate import UploadEstimate, pcm_size
from stt_cli.providers.watson.options import PCM, body_of, parameters_of

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_SAMPLE_RATE = 16_000


def preview(
    base: str,
    transport: Transport,
    source: AudioSource,
    options: RecognizeOptions,
) -> str:
    """Return what would be sent; nothing is."""
    media_type, body = body_of(source)
    of_2018 = transport is Transport.SESSION or is_of_2018(base)
    rate = source.encoding.sample_rate
    values = parameters_of(options, rate, of_2018=of_2018)
    if transport is Transport.WEBSOCKET:
        url = requests.socket_url(base, values)
        return f"WebSocket {url}\n  {start_message(values, PCM)}"
    if transport is Transport.SESSION:
        made = requests.create_session(base, values)
        sent = requests.session_recognize(base, "…", values, media_type, body)
        return f"{made.method} {made.url}\n{sent.method} {sent.url}"
    if requests.needs_multipart(values):
        metadata = requests.multipart_metadata(values, media_type, 1)
        sent = requests.recognize_multipart(base, values, media_type, body)
        return f"{sent.method} {sent.url}\n  metadata: {metadata}"
    sent = requests.recognize(base, values, media_type, body)
    return f"{sent.method} {sent.url}\n  Content-Type: {media_type}"


def upload_estimate(transport: Transport, source: AudioSource) -> UploadEstimate:
    """Return the size of the audio, and whether IBM takes so much or so little."""
    size = None if transport is Transport.WEBSOCKET else body_of(source)[1].length
    if size is None:
        size = pcm_size(source, _SAMPLE_RATE)
    if size is None or requests.SMALLEST_AUDIO <= size <= requests.LARGEST_AUDIO:
        return UploadEstimate(size)
    if size < requests.SMALLEST_AUDIO:
        bound, hint = f"at least {requests.SMALLEST_AUDIO} bytes", "check the recording"
    else:
        bound, hint = "at most 100 MB per request", "use `stt batch submit`"
    message = f"Watson accepts {bound}, but this is {size:,} bytes of audio"
    return UploadEstimate(size, (AudioError(message, hint=hint),))
