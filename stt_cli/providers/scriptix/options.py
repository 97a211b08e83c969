"""What a user asked for, as the fields of a session."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from stt_cli.core.errors import UsageError
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.providers.base import ProviderContext

ROUTES = ("blob", "multipart", "tus", "legacy")
SECRET_HEADER = "X-Stt-Webhook-Secret"

_SWITCHES = frozenset({"punctuation", "diarization", "multichannel", "keep_source"})
_LISTS = frozenset({"webhook_headers"})
_YES, _NO = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission: the route of its audio, and the session's fields."""

    route: str
    fields: dict[str, Any] = field(default_factory=dict)


def submission_of(options: JobOptions, context: ProviderContext) -> Submission:
    """Return what to send.

    Punctuation is off at the service unless asked for; here it is on unless
    ``--param punctuation=false``.

    Raises:
        UsageError: a value that the service would refuse.
    """
    recognition = options.recognition
    params = dict(recognition.params)
    route = params.pop("upload", ("blob",))[-1]
    if route not in ROUTES:
        raise UsageError(
            f"unknown upload route {route!r}", hint=f"choose from {', '.join(ROUTES)}"
        )
    fields: dict[str, Any] = {
        "language": language_of(recognition.language, route),
        "punctuation": True,
    }
    if recognition.speakers:
        fields["diarization"] = True
    if recognition.channels:
        fields["multichannel"] = True
    if recognition.model is not None:
        if route != "multipart":
            raise UsageError(
                "Scriptix accepts a model only with multipart uploads",
                hint="add --param upload=multipart",
            )
        fields["model"] = recognition.model
    if options.webhook_url is not None:
        fields["webhook_url"] = options.webhook_url
    fields |= {name: _typed(name, values) for name, values in params.items()}
    if fields.get("webhook_url"):
        _check_webhook(fields["webhook_url"], context)
        secret = context.secrets.get("webhook_secret")
        if secret and "webhook_headers" not in fields:
            fields["webhook_headers"] = [f"{SECRET_HEADER}: {secret.reveal()}"]
    return Submission(route, fields)


def stream_query(options: RecognizeOptions) -> list[tuple[str, str | None]]:
    """Return the query of a stream: the language, and the engine's ``type``."""
    params = options.params
    language = params.get("language", ((options.language or "en").lower(),))[-1]
    return [("language", language), ("type", params.get("type", (None,))[-1])]


def language_of(tag: str | None, route: str) -> str:
    """Return a language as the route's page writes it: sessions in lower case."""
    tag = tag or "en-US"
    return tag if route in ("tus", "multipart") else tag.lower()


def _typed(name: str, values: tuple[str, ...]) -> Any:
    if name in _LISTS:
        return list(values)
    if name in _SWITCHES:
        word = values[-1].lower()
        if word not in _YES + _NO:
            raise UsageError(f"--param {name} takes true or false, not {values[-1]!r}")
        return word in _YES
    if name == "webhook_method" and values[-1].upper() not in ("POST", "PUT"):
        raise UsageError("--param webhook_method takes POST or PUT")
    read = [_guessed(value) for value in values]
    return read[0] if len(read) == 1 else read


def _guessed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _check_webhook(url: Any, context: ProviderContext) -> None:
    """Refuse what the service would: it calls public https addresses only."""
    if context.endpoint is not None:
        return  # another server has rules of its own
    parts = urlsplit(str(url))
    host = parts.hostname or ""
    local = host in ("localhost", "localdomain") or host.endswith(
        (".localhost", ".localdomain")
    )
    try:
        ip_address(host)
        is_address = True
    except ValueError:
        is_address = False
    if parts.scheme != "https" or not host or local or is_address:
        raise UsageError(
            f"Scriptix does not send webhooks to {url}",
            hint="use an https URL with a public host name, not an IP address",
        )
