"""The emulated Watson over plain HTTP: recognition without a session, models."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.http_faults import Handler, with_faults
from stt_cli.emulator.watson.access import Access, answer, refuse
from stt_cli.emulator.watson.recognition import Refused, check_type, listen, results_of
from stt_cli.protocols.watson.parameters import (
    PARAMETERS,
    Place,
    check_json,
    parse_query,
    unknown_names,
)

MODELS = tuple(
    {
        "name": f"{language}_{band}",
        "language": language,
        "rate": rate,
        "supported_features": {
            "custom_language_model": True,
            "custom_acoustic_model": "Model" in band,
            "speaker_labels": True,
            "low_latency": "Model" not in band,
        },
        "description": f"{language} {band} model.",
    }
    for language in ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "ja-JP", "pt-BR")
    for band, rate in (
        ("BroadbandModel", 16_000),
        ("NarrowbandModel", 8_000),
        ("Multimedia", 16_000),
        ("Telephony", 8_000),
    )
) + tuple(
    {
        "name": language,
        "language": language,
        "rate": 8_000,
        "supported_features": {
            "custom_language_model": True,
            "custom_acoustic_model": False,
            "speaker_labels": True,
            "low_latency": False,
        },
        "description": f"{language} large speech model.",
    }
    for language in ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "ja-JP", "pt-BR")
)
_DETECTED = re.compile(r"\[language:([A-Za-z-]+)\]")
"""A given transcript that stands for a language that is detected."""
_MAGIC = (
    (b"RIFF", "wav"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff", "mp3"),
    (b"\x1a\x45\xdf\xa3", "webm"),
)
_NO_SESSION = "sequence_id is for requests of a session"
_OF_THE_FORM = ("part_content_type", "data_parts_count", "sequence_id")
MODEL_NAMES = frozenset(str(model["name"]) for model in MODELS)


class WatsonRest:
    """Serves recognition without a session, and the models."""

    def __init__(self, config: EmulatorConfig, access: Access, ear: Ear) -> None:
        self._config = config
        self._access = access
        self.ear = ear

    def routes(self) -> list[Route]:
        """Return the paths of the service."""
        return [
            Route("/v1/recognize", self.guarded(self.recognize), methods=["POST"]),
            Route("/v1/detect_language", self.guarded(self.detect), methods=["POST"]),
            Route("/v1/models", self.guarded(self.models), methods=["GET"]),
            Route("/v1/models/{name}", self.guarded(self.model), methods=["GET"]),
            Route("/identity/token", self._access.issue, methods=["POST"]),
        ]

    def guarded(self, handler: Handler) -> Handler:
        """Return a handler behind the gateway: credentials, then faults."""

        async def handle(request: Request) -> Response:
            refusal = self._access.refusal(request)
            if refusal is not None:
                await request.body()
                return refusal
            try:
                return await handler(request)
            except Refused as refused:
                return refuse(refused.status, refused.words, **refused.more)

        return with_faults(handle, self._config, refuse)

    async def recognize(self, request: Request) -> Response:
        """Recognize one body, or the parts of a form."""
        values, warnings = read_query(request)
        if "sequence_id" in request.query_params:
            raise Refused(400, _NO_SESSION)
        self._config.journal.add(
            "recognize",
            query=request.url.query,
            content_type=request.headers.get("Content-Type"),
            chunked="chunked" in request.headers.get("Transfer-Encoding", ""),
        )
        media_type = request.headers.get("Content-Type", "")
        if media_type.startswith("multipart/form-data"):
            async with request.form() as form:
                metadata, media_type, uploads = await read_form(form)
            if "sequence_id" in metadata:
                raise Refused(400, _NO_SESSION)
            self._config.journal.add("metadata", **metadata)
            results: list[Any] = []
            for data in uploads:
                listened = await self.heard(data, media_type, values | metadata)
                results += listened["results"]
            body = {"result_index": 0, "results": results}
        else:
            data = await request.body()
            body = await self.heard(data, media_type or None, values)
        if warnings:
            body["warnings"] = warnings
        return answer(body)

    async def heard(
        self, data: bytes, media_type: str | None, values: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the results of one recording. Raises ``Refused``."""
        listened = await asyncio.to_thread(listen, self.ear, data, media_type)
        await asyncio.sleep(self._config.delay)
        return results_of(listened.phrases, listened.seconds, values)

    async def detect(self, request: Request) -> Response:
        """Say which language a recording is in."""
        data, kind = await request.body(), request.headers.get("Content-Type")
        listened = await asyncio.to_thread(listen, self.ear, data, kind)
        text = " ".join(phrase.text for phrase in listened.phrases)
        found = _DETECTED.search(text)
        info = {
            "confidence": 0.97,
            "language": found[1] if found else "en",
            "timestamp": round(listened.seconds, 2),
        }
        self._config.journal.add("detect", size=len(data), language=info["language"])
        return answer({"results": [{"language_info": [info]}], "result_index": 0})

    async def models(self, request: Request) -> Response:
        """List the models."""
        return answer({"models": [_with_url(model, request) for model in MODELS]})

    async def model(self, request: Request) -> Response:
        """Tell of one model."""
        name = request.path_params["name"]
        for model in MODELS:
            if model["name"] == name:
                return answer(_with_url(model, request))
        return refuse(404, f"Model {name} not found")


def read_query(
    request: Request, place: Place = Place.REST
) -> tuple[dict[str, Any], list[str]]:
    """Return the typed parameters of a query, and the warnings about others.

    Raises:
        Refused: a value does not fit, or there is no such model.
    """
    pairs = request.query_params.multi_items()
    try:
        values = parse_query(pairs)
    except ValueError as expected:
        raise Refused(400, f"invalid value of a parameter: {expected}") from None
    model = values.get("model")
    if model is not None and model not in MODEL_NAMES:
        raise Refused(404, f"Model {model} not found")
    misplaced = [n for n in values if place not in PARAMETERS[n].places]
    tokens = ("access_token", "watson-token")
    unknown = [n for n in unknown_names(pairs) if n not in tokens]
    warned = [*unknown, *misplaced]
    warnings = [f"Unknown url query arguments: {', '.join(warned)}."] if warned else []
    return {n: v for n, v in values.items() if n not in misplaced}, warnings


async def read_form(form: FormData) -> tuple[dict[str, Any], str, list[bytes]]:
    """Return a form's metadata, its media type, and its recordings.

    Raises:
        Refused: the metadata is not the first part, or does not fit the others.
    """
    parts = form.multi_items()
    if not parts or parts[0][0] != "metadata":
        raise Refused(400, "the first part must be metadata")
    metadata = await _metadata(parts[0][1])
    uploads = [
        await part.read()
        for name, part in parts[1:]
        if name == "upload" and isinstance(part, UploadFile)
    ]
    kinds = {_container_of(data) for data in uploads}
    if len(kinds) > 1:
        raise Refused(400, f"the parts are of {' and '.join(sorted(kinds))}, not one")
    try:
        unknown = check_json(
            {name: v for name, v in metadata.items() if name not in _OF_THE_FORM},
            Place.MULTIPART,
        )
    except ValueError as wrong:
        raise Refused(400, f"invalid metadata: {wrong}") from None
    if unknown:
        raise Refused(400, f"unknown metadata: {', '.join(unknown)}")
    count = metadata.pop("data_parts_count", len(uploads))
    if not uploads or count != len(uploads):
        raise Refused(400, f"data_parts_count is {count}, parts: {len(uploads)}")
    media_type = metadata.pop("part_content_type", None)
    check_type(media_type, parts=True)
    return metadata, str(media_type), uploads


async def _metadata(part: str | UploadFile) -> dict[str, Any]:
    text = part if isinstance(part, str) else (await part.read()).decode()
    try:
        metadata = json.loads(text)
    except ValueError:
        metadata = None
    if not isinstance(metadata, dict):
        raise Refused(400, "the metadata is not a JSON object")
    return metadata


def _container_of(data: bytes) -> str:
    """Return the format that the first bytes tell, ``raw`` where they tell none."""
    return next((name for magic, name in _MAGIC if data.startswith(magic)), "raw")


def _with_url(model: dict[str, Any], request: Request) -> dict[str, Any]:
    base = str(request.base_url).rstrip("/")
    return {**model, "url": f"{base}/v1/models/{model['name']}"}
