"""Tools for the tests of Azure's jobs: our client on a fake clock, the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stt_cli.core.events import SubmissionEvent, Submitted, Transcribed
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.core.transcript import Transcript
from stt_cli.providers.base import Provider
from tests.providers.azure.realtime_kit import MemorySource, Service, provider, serving

VERSIONS = ["v3.1", "v3.2", "2024-11-15", "2025-10-15"]
URL = "https://storage.example/calls/monday.wav?sv=1&sr=b&sig=topsecret"


@dataclass
class WebSource(MemorySource):
    """A recording at an address, which the service fetches itself."""

    audio: bytes = b""
    url: str | None = URL
    name: str = URL

    @property
    def duration(self) -> float | None:
        """Its length is not known here."""
        return None

    @property
    def size(self) -> int | None:
        """Its size is not known here."""
        return None


@contextmanager
def client(
    *transcripts: str, faults: tuple[str, ...] = (), version: str = "", **given: Any
) -> Iterator[tuple[Provider, Service]]:
    """Run the emulator and a client of it."""
    values: dict[str, Any] = {"api_version": version} if version else {}
    key = given.pop("key", None)
    with serving(*transcripts, faults=faults, key=key, **given) as service:
        if key:
            values["key"] = key
        made = provider(service.base_url, **values)
        try:
            yield made, service
        finally:
            made.close()


def options(**wishes: Any) -> JobOptions:
    """Return options; those of recognition by their own names."""
    own = {name: wishes.pop(name) for name in ("name", "webhook_url") if name in wishes}
    params = {
        name: value if isinstance(value, tuple) else (value,)
        for name, value in wishes.pop("params", {}).items()
    }
    given = {"language": "en-US", **wishes}
    return JobOptions(RecognizeOptions(**given, params=params), **own)


def submitted(made: Provider, url: str = URL, **wishes: Any) -> Job:
    """Submit an address; return the job."""
    source = WebSource(url=url, name=url)
    events: list[SubmissionEvent] = list(made.submit(source, options(**wishes)))
    last = events[-1]
    assert isinstance(last, Submitted)
    return last.job


def transcribed(made: Provider, audio: bytes, **wishes: Any) -> Transcript:
    """Submit a recording in memory; return its transcript."""
    events = list(made.submit(MemorySource(audio), options(**wishes)))
    last = events[-1]
    assert isinstance(last, Transcribed)
    return last.transcript


def shared_specs() -> Path:
    """Return the folder of the vendor's own schemas; it need not exist."""
    return Path(__file__).parents[4] / "shared" / "specs" / "azure"
