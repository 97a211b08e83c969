"""Every kind of ID: what it is called, what it looks like, who asks for it.

This table is the one description of the kinds. The literals that the search
looks for, the expressions that read a label and the page in ``docs/`` are made
from it, and a test makes spellings from it and finds each.
"""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.ids import shapes
from stt_cli.ids.shapes import Shape

OURS = frozenset(("azure", "watson", "soniox", "scriptix", "local"))
"""The vendors whose sessions, transcriptions and jobs are printed unasked."""

DEFAULT_KINDS = ("session", "transcription", "job")
"""What ``stt session-id`` prints unless told otherwise."""

_WIDE = frozenset(("session", "dashed_session", "connection", "transcription"))


@dataclass(frozen=True, slots=True)
class Description:
    """One kind of ID of one vendor.

    ``labels`` are written as words parted by blanks; every usual way to write
    them is understood: ``session id`` is ``SessionId``, ``session_id``,
    ``SESSION-ID`` and so on. ``addresses`` are pieces of a URL's path that an ID
    follows, ``queries`` names in its query. ``vendor`` is ``None`` where several use
    the same name and shape. ``where`` says, for readers, what else must hold, and
    ``source`` where the vendor documents it. ``own_line``: only on a line as ``stt``
    writes it.
    """

    kind: str
    vendor: str | None
    labels: tuple[str, ...]
    shape: Shape
    source: str
    addresses: tuple[str, ...] = ()
    where: str = ""
    own_line: bool = False
    queries: tuple[str, ...] = ()

    @property
    def is_usual(self) -> bool:
        """Whether it is printed when no kind is asked for."""
        is_ours = self.vendor is None or self.vendor in OURS
        return is_ours and self.kind in DEFAULT_KINDS

    @property
    def is_wide(self) -> bool:
        """Whether its labels are known in the rarest spellings, too."""
        return self.kind in _WIDE and (self.is_usual or self.kind != "transcription")


def _azure(kind: str, labels: str, shape: Shape, source: str) -> Description:
    return Description(kind, "azure", _split(labels), shape, source)


def _of(
    vendor: str | None,
    kind: str,
    labels: str,
    shape: Shape,
    source: str,
    addresses: str = "",
    where: str = "",
) -> Description:
    return Description(
        kind, vendor, _split(labels), shape, source, _split(addresses), where
    )


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.split("|") if name)


def _own(kind: str) -> Description:
    label = f"{kind} id".replace("_", " ")
    return Description(
        kind, None, (label,), shapes.OWN, "stt", where="a line of stt", own_line=True
    )


_SESSION = "session id|session started|session stopped|session with id"

CATALOG: tuple[Description, ...] = (
    # Ours, of which support asks first. Where labels agree the first shape wins.
    _azure("session", _SESSION, shapes.HEX_32, "Azure 8.1"),
    _azure("session", "x connection id|priv connection id", shapes.HEX_32, "Azure 8.4"),
    _of("scriptix", "session", "session id", shapes.SCRIPTIX, "Scriptix 2"),
    _of(
        "scriptix", "session", "x scriptix session", shapes.OPAQUE,
        "Scriptix 8", "/speech-to-text/session/",
    ),
    _of("watson", "session", "", shapes.WATSON_SESSION, "Watson 3.1", "/v1/sessions/"),
    _of(
        "watson", "session", "session id", shapes.WATSON_COOKIE, "Watson 3.1",
        where="a cookie SESSIONID",
    ),
    _of(
        None, "dashed_session", _SESSION, shapes.GUID, "Azure 8.1",
        where="Azure session IDs have no dashes; reported, but not treated as one",
    ),
    _azure("connection", "connection id", shapes.HEX_32, "Azure 3.1"),
    _of(
        None, "transcription", "transcription id|transcription with id", shapes.GUID,
        "Azure 5.8, Soniox 5",
    ),
    _of("soniox", "transcription", "", shapes.GUID, "Soniox 2", "/v1/transcriptions/"),
    _of(None, "job", "job id", shapes.GUID, "Watson 5"),
    _of("watson", "job", "", shapes.GUID, "Watson 5", "/v1/recognitions/"),
    _azure("request", "apim request id", shapes.HEX_OR_GUID, "Azure 8.6"),
    _azure(
        "request", "x ms request id|x ms client request id|x ms correlation request id",
        shapes.HEX_OR_GUID, "Azure REST guidelines",
    ),
    _azure("request", "request id|x request id", shapes.HEX_32, "Azure 8.6"),
    _of(None, "request", "request id|x request id", shapes.GUID, "Soniox 6, Deepgram"),
    _azure("result", "result id", shapes.HEX_OR_GUID, "Azure 8.1"),
    _azure("service_tag", "service tag", shapes.HEX_32, "Azure 3.6"),
    _azure("dataset", "dataset id", shapes.GUID, "Azure 5.8"),
    _azure("model", "model id", shapes.GUID, "Azure 5.8"),
    _azure("endpoint", "endpoint id|deployment id", shapes.GUID, "Azure 2.1"),
    Description(
        "endpoint", "azure", (), shapes.GUID, "Azure 2.1", queries=("cid",)
    ),
    _azure("project", "project id", shapes.GUID, "Azure 5.8"),
    _azure("evaluation", "evaluation id", shapes.GUID, "Azure 5.8"),
    _azure("webhook", "web hook id", shapes.GUID, "Azure 5.8"),
    _azure("invocation", "invocation id", shapes.GUID, "Azure 5.7"),
    _of(
        "watson", "transaction",
        "global transaction id|x global transaction id|watson transaction id",
        shapes.OPAQUE, "Watson 7",
    ),
    _of(
        "watson", "transaction", "x dp watson tran id|tran id", shapes.OPAQUE,
        "Watson 7",
    ),
    _of("watson", "transaction", "transaction id", shapes.HEX_OR_GUID, "Watson 7"),
    _of("soniox", "file", "file id", shapes.GUID, "Soniox 2", "/v1/files/"),
    _of(
        None, "client_reference", "client reference id", shapes.ONE_LINE, "Soniox 4"
    ),
    _of("scriptix", "document", "x scriptix document", shapes.PLAIN, "Scriptix 8"),
    # What stands beside them in a case.
    _of("aws", "request", "x amzn request id", shapes.GUID, "AWS SDKs"),
    _of("aws", "request", "x amz request id", shapes.AMZ_REQUEST, "Amazon S3"),
    _of("aws", "request", "x amz id 2", shapes.AMZ_ID_2, "Amazon S3"),
    _of(
        "aws", "session", "x amzn transcribe session id", shapes.GUID,
        "Amazon Transcribe, StartStreamTranscription",
    ),
    _of(
        "aws", "job", "transcription job name", shapes.AWS_JOB,
        "Amazon Transcribe, StartTranscriptionJob", ":transcription-job/",
    ),
    _of(
        "google", "operation", "operation id|operation name", shapes.GOOGLE_OPERATION,
        "Google Cloud, long-running operations", "operations/",
    ),
    _of("deepgram", "request", "dg request id", shapes.GUID, "Deepgram"),
    _of(
        "assemblyai", "transcription", "transcript id", shapes.GUID, "AssemblyAI",
        "/v2/transcript/",
    ),
    _of(
        "openai", "request", "request id|x request id", shapes.OPENAI_REQUEST, "OpenAI"
    ),
    _of(
        "elevenlabs", "request", "request id", shapes.ELEVENLABS_REQUEST, "ElevenLabs"
    ),
    _of(
        "elevenlabs", "request", "history item id", shapes.ELEVENLABS_REQUEST,
        "ElevenLabs",
    ),
    _of(
        "elevenlabs", "conversation", "conversation id",
        shapes.ELEVENLABS_CONVERSATION, "ElevenLabs",
    ),
    _of(
        "elevenlabs", "transcription", "transcription id", shapes.ELEVENLABS_REQUEST,
        "ElevenLabs",
    ),
    _of(
        "rev", "job", "", shapes.REV_JOB, "Rev.ai", "/speechtotext/v1/jobs/"
    ),
    _of(
        "speechmatics", "job", "job id", shapes.SPEECHMATICS_JOB, "Speechmatics",
        "/v2/jobs/",
    ),
    _of("rev", "job", "job id", shapes.REV_JOB, "Rev.ai"),
    _of(
        "gladia", "transcription", "", shapes.GUID, "Gladia",
        "/v2/pre-recorded/|/v2/live/|/v2/transcription/",
    ),
    _of("gladia", "request", "request id", shapes.GLADIA_REQUEST, "Gladia"),
    _of("twilio", "call", "call sid", shapes.TWILIO_CALL, "Twilio", "/Calls/"),
    _of("twilio", "stream", "stream sid", shapes.TWILIO_STREAM, "Twilio", "/Streams/"),
    _of(
        "twilio", "recording", "recording sid", shapes.TWILIO_RECORDING, "Twilio",
        "/Recordings/",
    ),
    _of(
        "twilio", "transcription", "transcript sid|transcription sid",
        shapes.TWILIO_TRANSCRIPT, "Twilio", "/Transcripts/",
    ),
    _of(
        "genesys", "conversation", "conversation id", shapes.GUID, "Genesys Cloud",
        "/conversations/|/conversations/calls/",
    ),
    _of("sip", "call", "call id", shapes.SIP_CALL, "RFC 3261, 20.8"),
    _of("w3c", "trace", "trace parent", shapes.TRACE_PARENT, "W3C Trace Context"),
    _of(None, "trace", "trace id", shapes.HEX_OR_GUID, "OpenTelemetry"),
    _azure(
        "correlation", "x ms correlation id|x ms activity id", shapes.HEX_OR_GUID,
        "Azure",
    ),
    _of(None, "correlation", "correlation id|x correlation id", shapes.OPAQUE, ""),
    _of("cloudflare", "ray", "cf ray|ray id", shapes.CF_RAY, "Cloudflare"),
    # What stt itself says, of whatever shape a service's IDs are.
    *map(
        _own,
        (
            "session", "transcription", "job", "run", "request", "transaction", "file",
            "trace", "document", "connection", "result",
        ),
    ),
)  # fmt: skip

KINDS: tuple[str, ...] = tuple(
    dict.fromkeys((*DEFAULT_KINDS, *(one.kind for one in CATALOG)))
)
"""Every kind of ID that the search tells apart."""

AZURE_COLLECTIONS = {
    "transcriptions": "transcription",
    "models/base": "model",
    "models": "model",
    "datasets": "dataset",
    "endpoints": "endpoint",
    "evaluations": "evaluation",
    "projects": "project",
    "webhooks": "webhook",
}
"""The collections of Azure's REST interface and what their members are."""
