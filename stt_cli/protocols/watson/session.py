"""A session of the 2018 HTTP interface: its ID, its cookie, its state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.protocols.json_fields import mapping, text

COOKIE_NAME = "SESSIONID"
INITIALIZED = "initialized"
_COOKIE = re.compile(rf"(?:^|,)\s*{COOKIE_NAME}\s*=\s*([^;,\s]+)")
_URLS = ("new_session_uri", "recognize", "observe_result", "recognizeWS")


@dataclass(frozen=True, slots=True)
class WatsonSession:
    """An open session. The cookie pins the engine behind the gateway.

    ``urls`` are the addresses that the service names for it, by their names in
    its answer. They are for people: requests go where the session was made, so
    that an answer cannot send the cookie elsewhere.
    """

    id: str
    cookie: Secret | None
    urls: Mapping[str, str] = field(default_factory=dict)

    def cookie_header(self) -> tuple[tuple[str, Secret], ...]:
        """Return the header that every request of the session carries.

        It is written by hand: the cookie says ``Secure``, and a cookie jar
        would keep it from an emulator on loopback.
        """
        if self.cookie is None:
            return ()
        return (("Cookie", Secret(f"{COOKIE_NAME}={self.cookie.reveal()}")),)


def read_created(response: HttpResponse) -> WatsonSession:
    """Read the answer to the request that creates a session.

    Raises:
        ProviderError: it names no session.
    """
    fields = response.json_object()
    session_id = text(fields, "session_id")
    if session_id is None:
        raise ProviderError("Watson returned a session without an ID")
    named = {name: text(fields, name) for name in _URLS}
    urls = {name: url for name, url in named.items() if url is not None}
    return WatsonSession(session_id, session_cookie(response), urls)


def session_cookie(response: HttpResponse) -> Secret | None:
    """Return the session's cookie among all that an answer sets."""
    for name, value in response.headers:
        # Several cookies may come in one header, joined by commas.
        found = _COOKIE.search(value) if name.lower() == "set-cookie" else None
        if found is not None:
            return Secret(found[1].strip('"'))
    return None


def read_state(response: HttpResponse) -> str:
    """Return the state of a session, ``initialized`` when it is ready."""
    return text(mapping(response.json_object(), "session"), "state") or "unknown"
