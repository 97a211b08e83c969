"""The emulated Scriptix over HTTP: sessions, uploads, documents, results."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.http_faults import Handler, drain, with_faults
from stt_cli.emulator.scriptix.answers import (
    document_of,
    json_answer,
    json_object,
    name_in,
    no_session,
    refused,
    wrong_fields,
)
from stt_cli.emulator.scriptix.sessions import Session, Store, Worker
from stt_cli.emulator.scriptix.uploads import Uploads

_LARGEST_BLOB = 5_368_709_120
_FILTERS = ("queued", "processing", "completed", "failed")
_SESSIONS = "/api/v3/speech-to-text/session"


class ScriptixRest:
    """The REST service of one emulator, and the storage beside it."""

    def __init__(self, config: EmulatorConfig, store: Store, ear: Ear) -> None:
        self._config = config
        self._store = store
        self._worker = Worker(config, store, ear)
        self._uploads = Uploads(config, store, self._worker)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the service."""
        one = f"{_SESSIONS}/{{id}}"
        table: list[tuple[str, str, Handler]] = [
            ("POST", _SESSIONS, self._create),
            ("GET", _SESSIONS, self._list),
            ("GET", one, self._get),
            ("DELETE", one, self._delete),
            ("POST", f"{one}/upload-url", self._upload_url),
            ("GET", f"{one}/result", self._result),
            ("GET", f"{one}/document/{{document}}", self._document),
            ("GET", "/api/v3/account/me", self._account),
            ("GET", "/api/v3/custom_models", self._models),
        ]
        routes: list[BaseRoute] = [
            Route(path, self._guarded(handler), methods=[method])
            for method, path, handler in [*table, *self._uploads.table()]
        ]
        storage = [
            Route("/storage/{key}", self._put_blob, methods=["PUT"]),
            Route("/storage/{key}", self._get_blob, methods=["GET"]),
        ]
        return [*routes, *storage]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if not self._is_authentic(request):
                await drain(request)
                return refused(401, "Unauthorized", "Invalid or missing token")
            return await handler(request)

        return with_faults(guarded, self._config, _emulated)

    def _is_authentic(self, request: Request) -> bool:
        wanted = self._config.key
        if wanted is None:
            return True
        given = request.headers.get("Authorization") == f"Bearer {wanted.reveal()}"
        return given or request.headers.get("x-zoom-s2t-key") == wanted.reveal()

    async def _create(self, request: Request) -> Response:
        fields = await json_object(request)
        if fields is None:
            return refused(400, "Validation Error", "The body is not a JSON object")
        wrong = wrong_fields(fields)
        if wrong is not None:
            return wrong
        session = self._store.add(fields)
        self._config.journal.add("create", fields=fields)
        source = fields.get("media_source")
        if source:
            session.filename = name_in(str(source))
            self._worker.begin(session, None)
        return json_answer(
            {"result": {"session_id": session.session_id, "status": session.status}},
            201,
        )

    async def _list(self, request: Request) -> Response:
        try:
            offset = int(request.query_params.get("offset", "0"))
            limit = int(request.query_params.get("limit", "25"))
        except ValueError:
            offset, limit = -1, 0
        status = request.query_params.get("status")
        wrong_filter = status is not None and status not in _FILTERS
        if offset < 0 or not 1 <= limit <= 100 or wrong_filter:
            return refused(400, "Validation Error", "offset, limit or status is wrong")
        self._config.journal.add("list", offset=offset, limit=limit, status=status)
        every = [
            self._with_fault(s.to_dict())
            for s in reversed(self._store.sessions.values())
        ]
        matching = [s for s in every if status in (None, s["status"])]
        page = matching[offset : offset + limit]
        count = {"count": len(page), "total_results": len(matching)}
        return json_answer({**count, "result": page})

    async def _get(self, request: Request) -> Response:
        session = self._session(request)
        self._config.journal.add("get", id=request.path_params["id"])
        if session is None:
            return no_session()
        return json_answer(self._with_fault(session.to_dict()))

    def _with_fault(self, session: dict[str, Any]) -> dict[str, Any]:
        return {**session, "status": self._config.faults.job_state(session["status"])}

    async def _delete(self, request: Request) -> Response:
        session = self._session(request)
        self._config.journal.add("delete", id=request.path_params["id"])
        if session is None:
            return no_session()
        del self._store.sessions[session.session_id]
        return Response(status_code=204)

    async def _upload_url(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return no_session()
        base = str(request.base_url).rstrip("/")
        key = self._store.grant(session.session_id)
        return json_answer(
            {
                "result": {
                    "upload_url": f"{base}/storage/{key}?sig=made-up-signature",
                    "expires_at": "2099-01-01T00:00:00Z",
                    "session_id": session.session_id,
                    "max_file_size": _LARGEST_BLOB,
                }
            }
        )

    async def _put_blob(self, request: Request) -> Response:
        headers = {name.lower() for name in request.headers}
        data = await request.body()
        kind = request.headers.get("Content-Type")
        self._config.journal.add(
            "blob", size=len(data), content_type=kind, headers=sorted(headers)
        )
        session = self._granted(request)
        if session is None or {"authorization", "x-zoom-s2t-key"} & headers:
            return Response("<Error><Code>AuthenticationFailed</Code></Error>", 403)
        if request.headers.get("x-ms-blob-type") != "BlockBlob":
            return Response("<Error><Code>MissingRequiredHeader</Code></Error>", 400)
        if session.began is None:  # a second one only overwrites the first
            session.media_type = kind
            session.filename = session.filename or "upload"
            self._worker.begin(session, data)
        return Response(status_code=201)

    async def _get_blob(self, request: Request) -> Response:
        session = self._granted(request)
        if session is None or "authorization" in request.headers:
            return Response("<Error><Code>AuthenticationFailed</Code></Error>", 403)
        return json_answer(document_of(session))

    async def _document(self, request: Request) -> Response:
        session = self._session(request)
        wanted = request.path_params["document"]
        if session is None or str(session.document_id) != wanted:
            return no_session()
        name = request.query_params.get("format", "json")
        if name not in ("json", "txt"):
            return refused(400, "Validation Error", f"Unknown format {name}")
        self._config.journal.add("document", format=name)
        if request.query_params.get("direct_download") == "true":
            base = str(request.base_url).rstrip("/")
            key = self._store.grant(session.session_id)
            link = {
                "download_url": f"{base}/storage/{key}?sig=made-up-signature",
                "expires_in": 3600,
                "filename": f"{session.filename}.{name}",
                "content_type": "application/json",
                "size_bytes": None,
            }
            return json_answer({"result": link})
        return json_answer(document_of(session))

    async def _result(self, request: Request) -> Response:
        session = self._session(request)
        if session is None or session.status != "completed":
            return no_session()
        self._config.journal.add("result", id=session.session_id)
        whole = {
            "duration": session.duration,
            "error": None,
            "filename": session.filename,
            "media_type": "audio",
            "media_url": None,
            "session_id": session.session_id,
            "status": "done",
            "results": session.raw_results(),
        }
        return json_answer({"count": 1, "total_results": 1, "result": whole})

    async def _account(self, _request: Request) -> Response:
        return json_answer({"result": {"id": 1, "email": "someone@example.com"}})

    async def _models(self, _request: Request) -> Response:
        model = {
            "id": 7,
            "model_key": "custom_model_7",
            "name": "Emulated",
            "language": "en-us",
            "training_status": 4,
            "training_progress": 100,
        }
        return json_answer({"count": 1, "total_results": 1, "result": [model]})

    def _session(self, request: Request) -> Session | None:
        return self._store.sessions.get(request.path_params["id"])

    def _granted(self, request: Request) -> Session | None:
        if request.query_params.get("sig") is None:
            return None
        session_id = self._store.grants.get(request.path_params["key"], "")
        return self._store.sessions.get(session_id)


def _emulated(status: int) -> Response:
    word = "rate_limit_exceeded" if status == 429 else "Emulated"
    return refused(status, word, f"The emulator returns {status}.")
