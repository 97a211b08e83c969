"""The batch jobs of the emulated service: what they heard, and when they are done."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from stt_cli.emulator.azure_results import masked
from stt_cli.emulator.transcribe import BYTES_A_SECOND, Heard
from stt_cli.protocols.azure_rest.durations import TICKS_A_SECOND

UNREADABLE = "[unreadable]"
"""A given transcript that stands for a recording the service cannot read."""

_MASKS = {"Masked": "masked", "Removed": "removed", "None": "raw", "Tags": "raw"}


HeardRecording = tuple[str, list[Heard] | None, float]
"""A source, what was heard in it (``None``: it cannot be read), and its seconds."""


@dataclass
class BatchJob:
    """One transcription, as it was asked for."""

    body: dict[str, Any]
    version: str
    seconds: float
    fails: bool
    id: str = field(default_factory=lambda: str(uuid4()))
    created: float = field(default_factory=time.time)
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """Where it stands by now."""
        age = time.time() - self.created
        if age < self.seconds / 2:
            return "NotStarted"
        if age < self.seconds:
            return "Running"
        return "Failed" if self.fails else "Succeeded"

    def described(
        self, root: str, query: str, *, first: bool = False
    ) -> dict[str, Any]:
        """Return the job as the API shows it; input addresses are never shown."""
        status = "NotStarted" if first else self.status
        hidden = ("contentUrls", "contentContainerUrl")
        shown = {k: v for k, v in self.body.items() if k not in hidden}
        properties = {
            k: v
            for k, v in self.body.get("properties", {}).items()
            if k != "destinationContainerUrl"
        }
        if status == "Failed":
            message = "The recordings could not be processed."
            properties["error"] = {"code": "InvalidData", "message": message}
        own = f"{root}/transcriptions/{self.id}"
        changed = min(time.time(), self.created + self.seconds)
        model = {"self": f"{root}/models/base/{uuid4()}{query}"}
        return {
            "model": model,
            **shown,
            "self": own + query,
            "links": {"files": f"{root}/transcriptions/{uuid4()}/files{query}"},
            "properties": properties,
            "createdDateTime": _moment(self.created),
            "lastActionDateTime": _moment(changed),
            "status": status,
        }


def result_file(
    source: str,
    phrases: list[Heard],
    seconds: float,
    properties: Mapping[str, Any],
    *,
    dated: bool,
) -> dict[str, Any]:
    """Return the result of one recording; dated versions add milliseconds."""
    channels = properties.get("channels") or [0]
    step = seconds / max(len(phrases), 1)
    recognized = [
        _phrase(phrase, at * step, step, channel, properties, dated=dated)
        for channel in channels
        for at, phrase in enumerate(phrases)
    ]
    combined = [
        {
            "channel": channel,
            "lexical": " ".join(p.lexical for p in phrases),
            "itn": " ".join(p.lexical for p in phrases),
            "maskedITN": " ".join(p.lexical for p in phrases),
            "display": " ".join(p.text for p in phrases),
        }
        for channel in channels
    ]
    return {
        "source": source,
        "timestamp": _moment(time.time()),
        "durationInTicks": round(seconds * TICKS_A_SECOND),
        **({"durationMilliseconds": round(seconds * 1000)} if dated else {}),
        "duration": iso_duration(seconds),
        "combinedRecognizedPhrases": combined,
        "recognizedPhrases": recognized,
    }


def report_file(rows: list[tuple[str, str | None]]) -> dict[str, Any]:
    """Return the report of a job: each source, and why it failed if it did."""
    details = []
    for source, why in rows:
        row = {"sourceUrl": source, "source": source, "status": "Succeeded"}
        if why is not None:
            row |= {
                "status": "Failed",
                "errorKind": "InvalidAudio",
                "errorMessage": why,
            }
        details.append(row)
    failed = sum(why is not None for _, why in rows)
    return {
        "successfulTranscriptionsCount": len(rows) - failed,
        "failedTranscriptionsCount": failed,
        "details": details,
    }


def add_files(
    job: BatchJob, heard: list[tuple[str, list[Heard] | None, float]]
) -> None:
    """Give a job its result files: one for each good recording, and the report."""
    rows: list[tuple[str, str | None]] = []
    for number, (source, phrases, seconds) in enumerate(heard):
        if phrases is None:
            rows.append((source, "The recording could not be read."))
            continue
        rows.append((source, None))
        properties = job.body.get("properties", {})
        dated = not job.version.startswith("v")
        result = result_file(source, phrases, seconds, properties, dated=dated)
        name = f"contenturl_{number}.json"
        job.files[str(uuid4())] = ("Transcription", name, _encoded(result))
    report = _encoded(report_file(rows))
    job.files[str(uuid4())] = ("TranscriptionReport", "report.json", report)


def seconds_of_pcm(pcm: bytes) -> float:
    """Return the length of 16 kHz 16-bit mono PCM."""
    return len(pcm) / BYTES_A_SECOND


def source_name(url: str) -> str:
    """Return the last part of an address."""
    return urlsplit(url).path.rpartition("/")[2]


def iso_duration(seconds: float) -> str:
    """Return a duration as ISO 8601, ``PT1H2M3.4S``."""
    whole = f"{seconds % 60:.2f}".rstrip("0").rstrip(".")
    hours, minutes = int(seconds // 3600), int(seconds % 3600 // 60)
    parts = f"{hours}H" if hours else ""
    return f"PT{parts}{f'{minutes}M' if minutes else ''}{whole}S"


def _phrase(
    heard: Heard,
    start: float,
    length: float,
    channel: int,
    properties: Mapping[str, Any],
    *,
    dated: bool,
) -> dict[str, Any]:
    profanity = _MASKS.get(properties.get("profanityFilterMode", "Masked"), "masked")
    display = masked(heard.text, profanity)
    best: dict[str, Any] = {
        "confidence": 0.91,
        "lexical": heard.lexical,
        "itn": heard.lexical,
        "maskedITN": masked(heard.lexical, profanity),
        "display": display,
    }
    if properties.get("wordLevelTimestampsEnabled"):
        best["words"] = [
            {
                "word": word.text,
                **_times(word.start or 0.0, word.end or 0.0, dated=dated),
                "confidence": 0.9,
            }
            for word in heard.timed(start, start + length)
        ]
    phrase: dict[str, Any] = {
        "recognitionStatus": "Success",
        "channel": channel,
        **_times(start, start + length, dated=dated),
        "nBest": [best, {**best, "confidence": 0.95, "display": display.lower()}],
    }
    diarization = properties.get("diarization") or {}
    if properties.get("diarizationEnabled") or diarization.get("enabled"):
        phrase["speaker"] = 1
    return phrase


def _times(start: float, end: float, *, dated: bool) -> dict[str, Any]:
    length = end - start
    milliseconds = {
        "offsetMilliseconds": round(start * 1000),
        "durationMilliseconds": round(length * 1000),
    }
    return {
        **(milliseconds if dated else {}),
        "offset": iso_duration(start),
        "duration": iso_duration(length),
        "offsetInTicks": float(round(start * TICKS_A_SECOND)),
        "durationInTicks": float(round(length * TICKS_A_SECOND)),
    }


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
