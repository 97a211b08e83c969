"""Files of a hub, at a pinned revision: whole and right, or not at all.

A large file that broke off goes on where it was, also in a later run. What is no file
of the hub's (a web page, an error, other lengths) is told as what it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    INTERRUPTIONS,
    ConfigurationError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    SttError,
    UnreachableError,
)
from stt_cli.core.events import Progress
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.net.client import HttpClient
from stt_cli.net.retry import NEVER

HUB = "https://huggingface.co"
_TRUE = frozenset({"1", "on", "yes", "true"})  # as Hugging Face's client reads them
_MOST_BREAKS = 5  # in a row, without a single byte between them
_FIRST_PAUSE_S = 1.0


def require_downloads(environment: Environment) -> None:
    """Refuse where the user wants none. Raises ``ConfigurationError``."""
    if environment.variables.get("HF_HUB_OFFLINE", "").casefold() in _TRUE:
        raise ConfigurationError(
            "downloads are disabled because HF_HUB_OFFLINE is set",
            hint="unset it, or copy the files to this machine and use their folder",
        )


@dataclass(frozen=True, slots=True)
class Hub:
    """Where something is published: ``title`` is its usual name.

    Every method raises ``UnreachableError`` where the hub is away after all retries,
    ``NotFoundError`` where it lacks the file, ``RateLimitedError``, and
    ``ProviderError`` where it answers with something else.
    """

    client: HttpClient
    environment: Environment
    title: str
    repository: str
    revision: str

    def small_file(self, name: str) -> bytes:
        """Return a file; JSON is well-formed."""
        body = self._get(self._url(name), name)
        if name.endswith(".json"):
            self._parsed(body, name)
        return body

    def published_sha256(self, name: str) -> str | None:
        """Return the SHA-256 that the hub keeps a large file under, if it does.

        https://huggingface.co/docs/hub/api: the list of a folder's files; ``lfs.oid``.
        """
        folder = quote(name.rpartition("/")[0])
        revision = quote(self.revision, safe="")
        where = f"api/models/{self.repository}/tree/{revision}/{folder}"
        listed = self._parsed(self._get(f"{self._base}/{where}", name), name)
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict) and entry.get("path") == name:
                kept = entry.get("lfs")
                found = kept.get("oid") if isinstance(kept, dict) else None
                return found if isinstance(found, str) else None
        return None

    def large_file(self, name: str, path: Path, size: int) -> Iterator[Progress]:
        """Write a file of ``size`` bytes, going on where an earlier attempt ended."""
        breaks, pause = 0, _FIRST_PAUSE_S
        while (before := _size_of(path)) < size:
            if before:
                yield Progress(before, size, unit="bytes")
            try:
                for done in self._more(name, path, before, size):
                    yield Progress(done, size, unit="bytes")
            except INTERRUPTIONS:
                raise
            except SttError as error:
                breaks = 0 if _size_of(path) > before else breaks + 1
                if not error.transient or breaks >= _MOST_BREAKS:
                    raise self._to_go_on(error, path) from error
                if breaks:
                    self.environment.sleep(max(pause, error.retry_after or 0.0))
                    pause *= 2
        if _size_of(path) != size:
            path.unlink()
            raise self.altered(name)

    def _more(self, name: str, path: Path, start: int, size: int) -> Iterator[int]:
        headers = [("Accept-Encoding", "identity")]
        if start:
            headers.append(("Range", f"bytes={start}-"))
        request = HttpRequest("GET", self._url(name), headers=tuple(headers))

        def fault(answer: HttpResponse) -> SttError | None:
            try:
                self._good(answer, name)
            except SttError as error:
                return error
            return None

        with self.client.stream(request, fault, policy=NEVER) as answer:
            resumes = answer.head.status == 206 and _begins_at(answer.head, start)
            done = start if resumes else 0
            promised = answer.head.header("Content-Length")
            if promised and promised.isdigit() and done + int(promised) != size:
                raise self.altered(name)
            with path.open("ab" if resumes else "wb") as file:
                for block in answer.steady_blocks():
                    done += len(block)
                    if done > size:
                        break
                    file.write(block)
                    yield done
        if done > size:
            path.unlink()
            raise self.altered(name)
        if done < size:
            raise UnreachableError(
                f"the download from {self._host} was interrupted", transient=True
            )

    def _good(self, answer: HttpResponse, name: str) -> HttpResponse:
        """Return an answer that holds the file. Raises what any other means."""
        status = answer.status
        if status in (401, 403, 404, 410):
            raise NotFoundError(
                f"{self._host} has no {self.repository} ({name}, HTTP {status})",
                hint="if HF_ENDPOINT is set to a mirror, unset it",
                http_status=status,
            )
        if status == 429:
            raise RateLimitedError(
                f"rate-limited by {self._host}",
                hint="wait a while and run the same command again",
                http_status=status,
                transient=True,
            )
        if not answer.is_success:
            raise ProviderError(
                f"{self._host} returned {status} {answer.reason}".rstrip(),
                hint="try again later",
                http_status=status,
                transient=status >= 500,
            )
        kind = (answer.header("Content-Type") or "").partition(";")[0].strip()
        if kind == "text/html":
            raise ProviderError(
                f"{self._host} returned a web page instead of {name}",
                hint="check for a captive portal or proxy, and check HF_ENDPOINT",
            )
        return answer

    def altered(self, name: str) -> ProviderError:
        """Return the error that a file's bytes are others."""
        return ProviderError(
            f"{self._host} has a different {name} than {self.title} should have",
            hint="try again; if HF_ENDPOINT is set to a mirror, unset it",
        )

    def _get(self, url: str, name: str) -> bytes:
        request = HttpRequest("GET", url)
        answer = self.client.send(request, lambda answer: self._good(answer, name))
        return answer.body

    def _parsed(self, body: bytes, name: str) -> object:
        try:
            return json.loads(body)
        except ValueError as fault:
            raise self.altered(name) from fault

    def _to_go_on(self, error: SttError, path: Path) -> SttError:
        if _size_of(path):
            error.hint = "run the same command again to resume the download"
        return error

    @property
    def _base(self) -> str:
        return (self.environment.variables.get("HF_ENDPOINT") or HUB).rstrip("/")

    @property
    def _host(self) -> str:
        return HttpRequest("GET", self._base).host or self._base

    def _url(self, name: str) -> str:
        revision = quote(self.revision, safe="")
        return f"{self._base}/{self.repository}/resolve/{revision}/{quote(name)}"


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _begins_at(answer: HttpResponse, start: int) -> bool:
    return (answer.header("Content-Range") or "").startswith(f"bytes {start}-")
