"""Downloading a model from a hub: pinned, resumed, checked, and only then in place.

Files come into a folder beside the models, so that what is half there is never taken
for a model; a download that broke off goes on where it was. The weights' SHA-256 is
checked before the folder gets its name, in one step.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    STOPS,
    ConfigurationError,
    NotFoundError,
    OutputError,
    ProviderError,
    RateLimitedError,
    SttError,
    UnreachableError,
)
from stt_cli.core.events import Progress
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.engines.whisper.catalog import VOCABULARIES, WEIGHTS, KnownModel
from stt_cli.engines.whisper.store import ModelStore, hash_of
from stt_cli.net.client import HttpClient
from stt_cli.net.context import PublicContext
from stt_cli.net.retry import NEVER

HUB = "https://huggingface.co"
_TRUE = frozenset({"1", "on", "yes", "true"})  # as Hugging Face's client reads them
_MOST_BREAKS = 5  # in a row, without a single byte between them
_FIRST_PAUSE_S = 1.0
_SPARE_BYTES = 16 << 20  # for the small files
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def download(
    model: KnownModel, store: ModelStore, environment: Environment
) -> Generator[Progress]:
    """Bring a model into the store, yielding how far its weights are, in bytes.

    Raises:
        ConfigurationError: ``HF_HUB_OFFLINE`` is set, or another process does it.
        UnreachableError: the hub is away, after all retries.
        NotFoundError: it does not have the model.
        ProviderError: it answers with something else.
        OutputError: there is no room, or the folder cannot be written.
    """
    if environment.variables.get("HF_HUB_OFFLINE", "").casefold() in _TRUE:
        raise ConfigurationError(
            "HF_HUB_OFFLINE is set: nothing is downloaded",
            hint="unset it, or copy the model's folder here and use --model FOLDER",
        )
    part = store.folder / f".{model.name}.part"
    client = HttpClient(PublicContext(environment))
    with closing(client), _no_room_is_told(part), _alone(part):
        hub = _Hub(client, model, environment)
        for name in ("config.json", "tokenizer.json"):
            (part / name).write_bytes(hub.small_file(name))
        _write_vocabulary(part, hub)
        path = part / WEIGHTS
        _check_room(part, model.size - _size_of(path))
        yield from hub.weights(path)
        digest = hash_of(path)
        if digest != model.sha256:
            path.unlink()
            raise ProviderError(
                f"the hub's {model.name} is not the model that was published: its "
                "SHA-256 differs",
                hint="try again; if HF_ENDPOINT names a mirror, try without it",
            )
        _put_in_place(part, store.folder / model.name)
        store.remember(store.folder / model.name, digest)


@dataclass(frozen=True, slots=True)
class _Hub:
    """Where one model is published."""

    client: HttpClient
    model: KnownModel
    environment: Environment

    def small_file(self, name: str) -> bytes:
        """Return one of the files beside the weights, checked where that is known."""
        request = HttpRequest("GET", self._url(name))
        answer = self.client.send(request, lambda answer: self._good(answer, name))
        if not name.endswith(".txt"):
            with self._strange(name):
                json.loads(answer.body)
        expected = self.model.files.get(name)
        if expected is not None:
            import hashlib

            if hashlib.sha256(answer.body).hexdigest() != expected:
                raise self._altered(name)
        return answer.body

    def weights(self, path: Path) -> Iterator[Progress]:
        """Write the weights, going on where an earlier attempt ended."""
        size, breaks, pause = self.model.size, 0, _FIRST_PAUSE_S
        while (before := _size_of(path)) < size:
            if before:
                yield Progress(before, size, unit="bytes")
            try:
                for done in self._more(path, before):
                    yield Progress(done, size, unit="bytes")
            except STOPS:
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
            raise self._altered(WEIGHTS)

    def _more(self, path: Path, start: int) -> Iterator[int]:
        headers = [("Accept-Encoding", "identity")]
        if start:
            headers.append(("Range", f"bytes={start}-"))
        request = HttpRequest("GET", self._url(WEIGHTS), headers=tuple(headers))

        def fault(answer: HttpResponse) -> SttError | None:
            try:
                self._good(answer, WEIGHTS)
            except SttError as error:
                return error
            return None

        with self.client.stream(request, fault, policy=NEVER) as answer:
            resumes = answer.head.status == 206 and _begins_at(answer.head, start)
            done = start if resumes else 0
            promised = answer.head.header("Content-Length")
            if (
                promised
                and promised.isdigit()
                and done + int(promised) != (self.model.size)
            ):
                raise self._altered(WEIGHTS)
            with path.open("ab" if resumes else "wb") as file:
                for block in answer.blocks():
                    done += len(block)
                    if done > self.model.size:
                        break
                    file.write(block)
                    yield done
        if done > self.model.size:
            path.unlink()
            raise self._altered(WEIGHTS)
        if done < self.model.size:
            raise UnreachableError(
                f"{self._host} broke off the download", transient=True
            )

    def _good(self, answer: HttpResponse, name: str) -> HttpResponse:
        """Return an answer that holds the file. Raises what any other means."""
        status = answer.status
        if status in (401, 403, 404, 410):
            raise NotFoundError(
                f"{self._host} has no {self.model.repository} ({name}, HTTP {status})",
                hint="if HF_ENDPOINT names a mirror, try without it",
                http_status=status,
            )
        if status == 429:
            raise RateLimitedError(
                f"{self._host} asks to slow down",
                hint="wait a while and give the same command again",
                http_status=status,
                transient=True,
            )
        if not answer.is_success:
            raise ProviderError(
                f"{self._host} answered {status} {answer.reason}".rstrip(),
                hint="try again later",
                http_status=status,
                transient=status >= 500,
            )
        kind = (answer.header("Content-Type") or "").partition(";")[0].strip()
        if kind == "text/html":
            raise ProviderError(
                f"{self._host} answered with a web page instead of {name}",
                hint="is there a captive portal or a proxy? check HF_ENDPOINT, too",
            )
        return answer

    @contextmanager
    def _strange(self, name: str) -> Iterator[None]:
        try:
            yield
        except ValueError as fault:
            raise self._altered(name) from fault

    def _altered(self, name: str) -> ProviderError:
        return ProviderError(
            f"{self._host} has another {name} than the one of {self.model.name}",
            hint="try again; if HF_ENDPOINT names a mirror, try without it",
        )

    def _to_go_on(self, error: SttError, path: Path) -> SttError:
        if _size_of(path):
            error.hint = "what is here is kept: give the same command again to go on"
        return error

    @property
    def _base(self) -> str:
        return (self.environment.variables.get("HF_ENDPOINT") or HUB).rstrip("/")

    @property
    def _host(self) -> str:
        return HttpRequest("GET", self._base).host or self._base

    def _url(self, name: str) -> str:
        revision = quote(self.model.revision, safe="")
        return f"{self._base}/{self.model.repository}/resolve/{revision}/{name}"


def _write_vocabulary(part: Path, hub: _Hub) -> None:
    """Write the vocabulary, which is called one thing or the other."""
    first, second = VOCABULARIES
    try:
        name, body = first, hub.small_file(first)
    except NotFoundError:
        name, body = second, hub.small_file(second)
    (part / name).write_bytes(body)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _begins_at(answer: HttpResponse, start: int) -> bool:
    return (answer.header("Content-Range") or "").startswith(f"bytes {start}-")


def _check_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted + _SPARE_BYTES:
        raise OutputError(
            f"there is no room for the model: {wanted >> 20} MB are needed in "
            f"{folder.parent}, {free >> 20} MB are free",
            hint="make room, or set STT_HOME to a folder on another disk",
        )


def _put_in_place(part: Path, folder: Path) -> None:
    if folder.exists():  # what is there is not whole: it was not found
        shutil.rmtree(folder)
    part.rename(folder)


@contextmanager
def _no_room_is_told(part: Path) -> Iterator[None]:
    """Turn the system's refusals into errors; a full disk gets its room back."""
    try:
        part.mkdir(mode=0o755, parents=True, exist_ok=True)
        yield
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            shutil.rmtree(part, ignore_errors=True)
        raise OutputError(
            f"{part.parent} cannot be written: {fault.strerror or fault}",
            hint="make room, or set STT_HOME to another folder",
        ) from fault


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Keep other processes from writing into the same folder meanwhile."""
    with part.with_suffix(".lock").open("wb") as file:
        try:
            _lock_for(file)
        except OSError as fault:
            raise ConfigurationError(
                f"another process is downloading to {part.parent}",
                hint="wait until it is done",
            ) from fault
        yield
    with suppress(OSError):
        part.with_suffix(".lock").unlink()


def _lock_for(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
