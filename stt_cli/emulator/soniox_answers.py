"""The answers of the emulated Soniox: pages, errors, models."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from stt_cli.protocols.soniox.rest_server import Refusal, invalid

_LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French"), ("nl", "Dutch")]

SPEECH_MODEL = {
    "id": "tts-rt-v2",
    "aliased_model_id": None,
    "name": "TTS v2",
    "voices": [
        {"id": "Adrian", "description": "A calm voice", "gender": "male"},
        {"id": "Maya", "description": "A warm voice", "gender": "female"},
    ],
    "languages": [{"code": code, "name": name} for code, name in _LANGUAGES],
    "supports_speed_adjustment": True,
    "speed_min": 0.7,
    "speed_max": 1.3,
}


def told(fields: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json")


def refused(refusal: Refusal) -> Response:
    """Return an error answer with a request ID of its own."""
    body = refusal.body(str(uuid4()))
    return Response(body, refusal.status, media_type="application/json")


async def drain(request: Request) -> None:
    """Read a request to its end, so that its answer can be read."""
    async for _block in request.stream():
        pass


def invalid_state(why: str) -> Refusal:
    """Return the refusal of what its state does not allow."""
    return Refusal(409, "transcription_invalid_state", f"Invalid state. {why}")


def counted(number: int) -> Response:
    """Return how many there are."""
    return told({"total": number, "public_api": number, "playground": 0})


def page_of(request: Request, name: str, objects: list[dict[str, Any]]) -> Response:
    """Return a page of objects by ``limit`` and ``cursor``."""
    try:
        limit = int(request.query_params.get("limit", "1000"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= 1000:
        return refused(invalid(("less_than_equal", "query.limit", "1 to 1000")))
    cursor = request.query_params.get("cursor")
    begin = 0
    if cursor:
        ids = [item["id"] for item in objects]
        try:
            begin = ids.index(base64.urlsafe_b64decode(cursor).decode()) + 1
        except ValueError:
            return refused(Refusal(400, "invalid_cursor", "The cursor is invalid."))
    part = objects[begin : begin + limit]
    more = begin + limit < len(objects)
    last = base64.urlsafe_b64encode(part[-1]["id"].encode()).decode() if more else None
    return told({name: part, "next_page_cursor": last})


def model(name: str, mode: str) -> dict[str, Any]:
    """Return one model of recognition."""
    return {
        "id": name,
        "aliased_model_id": None,
        "name": name,
        "context_version": 2,
        "transcription_mode": mode,
        "languages": [{"code": code, "name": full} for code, full in _LANGUAGES],
        "supports_language_hints_strict": True,
        "supports_max_endpoint_delay": mode == "real_time",
        "supports_endpoint_sensitivity": mode == "real_time",
        "supports_endpoint_latency_adjustment": mode == "real_time",
        "endpoint_latency_adjustment_max_level": 3,
        "translation_targets": [],
        "two_way_translation_pairs": [],
        "one_way_translation": "all_languages",
        "two_way_translation": "all_languages",
    }
