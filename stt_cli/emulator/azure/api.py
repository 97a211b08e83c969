"""The speechtotext API of the emulated service: versions, pages, refusals."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.azure.state import AzureState, gateway_error
from stt_cli.emulator.http_faults import with_faults
from stt_cli.protocols.azure_rest.versions import (
    DEFAULT_VERSION,
    VERSIONS,
    newer_version,
)

_RETRY_AFTER = "1"
_MOST = 100

Handler = Callable[["ApiCall"], Awaitable[Response]]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[^\s()']+)|(?P<sign>[()]))"
)
_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}
_DATES = ("createdDateTime", "lastActionDateTime")
_FIELDS = (*_DATES, "displayName", "description", "status", "locale", "name", "kind")

ListTest = Callable[[Mapping[str, Any]], bool]


class ApiCall:
    """One request to the API: its version, and the addresses around it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        named = request.path_params.get("version")
        self.version = named or request.query_params.get("api-version", "")
        self.spoken = VERSIONS.get(self.version) or newer_version(self.version)
        self.is_dated = named is None
        root = f"{str(request.base_url).rstrip('/')}/speechtotext"
        self.root = root + (f"/{named}" if named else "")
        self.suffix = f"?api-version={self.version}" if self.is_dated else ""

    @property
    def is_known(self) -> bool:
        """Whether the version is spoken here."""
        return self.spoken is not None and self.spoken.is_dated is self.is_dated

    def page(self, items: list[dict[str, Any]], path: str) -> Response:
        """Return one page of a list, with the address of the next."""
        query = self.request.query_params
        try:
            skip, top = int(query.get("skip", 0)), int(query.get("top", _MOST))
            wanted = query.get("filter")
            test = parse_filter(wanted) if wanted else None
        except FilterError as fault:
            return api_error(400, "InvalidArgument", "UnsupportedFilter", str(fault))
        except ValueError:
            return api_error(
                400, "InvalidArgument", "UnsupportedPagination", "skip, top"
            )
        if skip < 0 or not 1 <= top <= _MOST:
            inner = "UnsupportedPagination"
            return api_error(400, "InvalidArgument", inner, "top is 1 to 100")
        found = [item for item in items if test is None or test(item)]
        body: dict[str, Any] = {"values": found[skip : skip + top]}
        if skip + top < len(found):
            kept = {k: v for k, v in query.items() if k not in ("skip", "top")}
            further = urlencode({"skip": skip + top, "top": top, **kept})
            body["@nextLink"] = f"{self.root}{path}?{further}"
        return answer(body, retry=True)


def answer(
    body: Any, status: int = 200, *, retry: bool = False, **headers: str
) -> Response:
    """Return JSON with the headers that the API gives."""
    known = {"apim-request-id": str(uuid4()), "X-RequestId": str(uuid4()), **headers}
    if retry:
        known["Retry-After"] = _RETRY_AFTER
    return JSONResponse(body, status, known)


def api_error(
    status: int, code: str, inner: str, message: str, target: str | None = None
) -> Response:
    """Return a refusal in the API's own envelope; ``target`` names the field."""
    inner_error = {"code": inner, "message": message}
    if target is not None:
        inner_error["target"] = target
    return answer({"code": code, "message": message, "innerError": inner_error}, status)


def faulty(status: int) -> Response:
    """Return the refusal of a fault that was asked for."""
    if status in (401, 403):
        return gateway_error(status)
    codes = {429: "TooManyRequests", 503: "ServiceUnavailable"}
    code = codes.get(status, "InternalServerError")
    return api_error(status, code, code, "A fault that was asked for.")


def api_routes(
    state: AzureState, rows: Iterable[tuple[str, str, Handler]]
) -> list[BaseRoute]:
    """Return routes of the API, at the paths of every version."""

    def around(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            status = state.refusal(request.headers, request.query_params)
            if status is not None:
                return gateway_error(status)
            call = ApiCall(request)
            if call.spoken is None or not call.is_known:
                message = f"The API version '{call.version}' is not supported."
                return api_error(400, "InvalidRequest", "InvalidApiVersion", message)
            if not call.spoken.is_known:
                state.config.log(
                    f"note: the API version {call.version} is newer than the "
                    f"emulator; responding as {DEFAULT_VERSION}"
                )
            return await handler(call)

        return with_faults(handle, state.config, faulty)

    routes: list[BaseRoute] = []
    for method, path, handler in rows:
        for root in ("/speechtotext/{version:str}", "/speechtotext"):
            dated_only = ":submit" in path or ":transcribe" in path
            if dated_only and "version" in root:
                continue
            routes.append(Route(root + path, around(handler), methods=[method]))
    return routes


class FilterError(ValueError):
    """The filter is not one that the service supports."""


def parse_filter(text: str) -> ListTest:
    """Return the test that a filter makes. Raises ``FilterError``."""
    parser = _Parser(_tokens(text))
    test = parser.any_of()
    if parser.left:
        raise FilterError(f"unexpected {parser.left[0]}")
    return test


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FilterError(f"cannot read {text[at:]!r}")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens

    def any_of(self) -> ListTest:
        tests = [self._all_of()]
        while self._take("or"):
            tests.append(self._all_of())
        return lambda item: any(test(item) for test in tests)

    def _all_of(self) -> ListTest:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda item: all(test(item) for test in tests)

    def _one(self) -> ListTest:
        if self._take("not"):
            test = self._one()
            return lambda item: not test(item)
        if self._take("("):
            inner = self.any_of()
            if not self._take(")"):
                raise FilterError("a parenthesis is not closed")
            return inner
        return self._comparison()

    def _comparison(self) -> ListTest:
        if len(self.left) < 3:
            raise FilterError("a comparison is not complete")
        name, operator, value = self.left[:3]
        del self.left[:3]
        if name not in _FIELDS or operator not in _COMPARE:
            raise FilterError(f"{name} {operator} is not supported")
        if operator not in ("eq", "ne") and name not in _DATES:
            raise FilterError(f"{operator} is for dates only")
        wanted = value[1:-1].replace("''", "'") if value.startswith("'") else value
        compare = _COMPARE[operator]
        return lambda item: compare(str(item.get(name) or ""), wanted)

    def _take(self, word: str) -> bool:
        if self.left and self.left[0] == word:
            del self.left[0]
            return True
        return False
