"""The answers of the emulated Scriptix, and what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from stt_cli.emulator.scriptix.sessions import Session

_LANGUAGE = re.compile(r"(?i)auto|[a-z]{2,3}(-[a-z0-9]{2,8})*")


def json_answer(fields: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json")


def refused(status: int, word: str, message: str, code: str | None = None) -> Response:
    """Return an error answer."""
    fields = {"error": word, "message": message}
    return json_answer(fields | ({"error_code": code} if code else {}), status)


def no_session() -> Response:
    """Return the refusal of an unknown session."""
    return refused(404, "Not Found", "Session not found", "SESSION_NOT_FOUND")


def name_in(url: str) -> str:
    """Return the name of the file at an address."""
    return unquote(urlsplit(url).path.rpartition("/")[2])


def document_of(session: Session) -> dict[str, Any]:
    """Return a session's document."""
    return {
        "result": {
            "id": session.document_id,
            "created": session.to_dict().get("created_at"),
            "last_modified": session.to_dict().get("created_at"),
            "filename": session.filename,
            "type": "document",
            "document": session.captions(),
        }
    }


def wrong_fields(fields: dict[str, Any]) -> Response | None:
    """Return the refusal of a session's fields, ``None`` if they are right."""
    language = fields.get("language")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        details = {"field": "language", "issue": "unknown or missing"}
        error = {"code": 422, "message": "Validation failed", "details": details}
        return json_answer({"error": error}, 422)
    if fields.get("webhook_method", "POST") not in ("POST", "PUT"):
        return refused(400, "Validation Error", "webhook_method is POST or PUT")
    return None


async def json_object(request: Request) -> dict[str, Any] | None:
    """Return the JSON object of a request, ``None`` if it is none."""
    try:
        fields = json.loads(await request.body())
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None
