"""The other ways into the emulated Scriptix: a form, TUS, and the oldest one."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.http_faults import Handler, drain
from stt_cli.emulator.scriptix.answers import (
    json_answer,
    json_object,
    name_in,
    no_session,
    refused,
    wrong_fields,
)
from stt_cli.emulator.scriptix.sessions import Resumable, Session, Store, Worker


class Uploads:
    """The upload routes besides the storage of one emulator."""

    def __init__(self, config: EmulatorConfig, store: Store, worker: Worker) -> None:
        self._config = config
        self._store = store
        self._worker = worker

    def table(self) -> list[tuple[str, str, Handler]]:
        """Return methods, paths and handlers."""
        return [
            ("POST", "/api/v3/speech-to-text/session/{id}", self._upload_legacy),
            ("POST", "/api/v3/stt", self._upload_form),
            ("POST", "/api/v3/files/", self._tus_create),
            ("HEAD", "/api/v3/files/{file}", self._tus_offset),
            ("PATCH", "/api/v3/files/{file}", self._tus_append),
            ("GET", "/api/v3/files/{file}", self._tus_file),
        ]

    async def _upload_form(self, request: Request) -> Response:
        found = await self._file_of(request, "audio_file")
        if isinstance(found, Response):
            return found
        name, kind, data, fields = found
        wrong = wrong_fields(fields)
        if wrong is not None:
            return wrong
        session = self._store.add(
            {**fields, "diarization": fields.get("diarization") == "true"}
        )
        session.session_id, old = f"stt_{session.session_id[:12]}", session.session_id
        self._store.sessions[session.session_id] = self._store.sessions.pop(old)
        self._begin_upload(session, name, kind, data, "form")
        return json_answer(
            {
                "id": session.session_id,
                "status": "uploaded",
                "language": fields.get("language"),
                "duration_seconds": 0,
                "created_at": session.to_dict().get("created_at"),
            },
            201,
        )

    async def _upload_legacy(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            await drain(request)
            return no_session()
        if "json" in request.headers.get("Content-Type", ""):
            fields = await json_object(request) or {}
            if not fields.get("video_url"):
                return refused(400, "Validation Error", "video_url is missing")
            session.filename = name_in(str(fields["video_url"]))
            self._worker.begin(session, None)
            return json_answer({"result": {"session_id": session.session_id}})
        found = await self._file_of(request, "upload")
        if isinstance(found, Response):
            return found
        name, kind, data, _fields = found
        self._begin_upload(session, name, kind, data, "legacy")
        return json_answer({"result": {"session_id": session.session_id}})

    async def _tus_create(self, request: Request) -> Response:
        headers = request.headers
        if headers.get("Tus-Resumable") != "1.0.0":
            return Response(status_code=412)
        metadata = _metadata(headers.get("Upload-Metadata", ""))
        if metadata is None or not {"language", "document_type"} <= metadata.keys():
            return refused(400, "Validation Error", "Upload-Metadata is incomplete")
        file_id = uuid4().hex
        length = int(headers.get("Upload-Length", "0"))
        self._store.uploads[file_id] = Resumable(length, metadata)
        self._config.journal.add("tus", metadata=metadata, length=length)
        return Response(
            status_code=201, headers={"Location": f"/api/v3/files/{file_id}"}
        )

    async def _tus_offset(self, request: Request) -> Response:
        upload = self._store.uploads.get(request.path_params["file"])
        if upload is None:
            return Response(status_code=404)
        return Response(headers={"Upload-Offset": str(len(upload.data))})

    async def _tus_append(self, request: Request) -> Response:
        upload = self._store.uploads.get(request.path_params["file"])
        if upload is None:
            await drain(request)
            return Response(status_code=404)
        if request.headers.get("Upload-Offset") != str(len(upload.data)):
            await drain(request)
            return Response(status_code=409)
        async for block in request.stream():
            upload.data += block  # what arrives is kept, even of a part that is cut
        if len(upload.data) == upload.length:
            session = self._store.add(dict(upload.metadata))
            upload.session_id = session.session_id
            name, kind = (
                upload.metadata.get("filename"),
                upload.metadata.get("filetype"),
            )
            self._begin_upload(session, name, kind, bytes(upload.data), "tus")
        return Response(
            status_code=204, headers={"Upload-Offset": str(len(upload.data))}
        )

    async def _tus_file(self, request: Request) -> Response:
        upload = self._store.uploads.get(request.path_params["file"])
        if upload is None or upload.session_id is None:
            return no_session()
        return json_answer(
            {"result": {"session_id": upload.session_id, "status": "new"}}
        )

    async def _file_of(
        self, request: Request, part: str
    ) -> Response | tuple[str | None, str | None, bytes, dict[str, Any]]:
        if not request.headers.get("Content-Type", "").startswith("multipart/"):
            return refused(415, "Unsupported Media Type", "A form is needed")
        async with request.form() as form:
            upload = form.get(part)
            if upload is None or isinstance(upload, str):
                return refused(400, "Validation Error", f"{part} is missing")
            data = await upload.read()
            fields = {k: v for k, v in form.items() if isinstance(v, str)}
            return upload.filename, upload.content_type, data, fields

    def _begin_upload(
        self,
        session: Session,
        name: str | None,
        kind: str | None,
        data: bytes,
        route: str,
    ) -> None:
        session.filename, session.media_type = name, kind
        self._config.journal.add("upload", route=route, filename=name, size=len(data))
        self._worker.begin(session, data)

    def _session(self, request: Request) -> Session | None:
        return self._store.sessions.get(request.path_params["id"])


def _metadata(header: str) -> dict[str, str] | None:
    try:
        pairs = (item.strip().partition(" ") for item in header.split(",") if item)
        return {
            name: base64.b64decode(value, validate=True).decode()
            for name, _, value in pairs
        }
    except ValueError:
        return None
