"""``batch``, ``status`` and ``poll`` with the engine of this machine."""

from __future__ import annotations

import json
from pathlib import Path

from tests.audio.tones import WEATHER, WEATHER_LINES
from tests.conftest import Runner


def test_a_recording_becomes_a_job_of_this_machine(stt: Runner) -> None:
    submitted = stt("batch", "submit", WEATHER)
    (job_id,) = submitted.lines
    assert (submitted.status, job_id[:4]) == (0, "stt-")
    assert f"job id: {job_id}" in submitted.stderr
    assert "session id: " in submitted.stderr
    (job,) = json.loads(stt("batch", "list", "--json").stdout)
    assert (job["id"], job["state"], job["provider"]) == (
        job_id,
        "succeeded",
        "local",
    )
    assert stt("status", job_id).text.split("\t")[1] == "succeeded"
    assert stt("poll", job_id).text == WEATHER_LINES
    assert " --> " in stt("batch", "results", job_id, "-f", "srt").text
    assert stt("batch", "delete", job_id).status == 0
    assert stt("poll", job_id).status == 5


def test_a_recording_that_cannot_be_read_is_a_failed_job(
    stt: Runner, tmp_path: Path
) -> None:
    words = tmp_path / "words.wav"
    words.write_bytes(b"these are words\n")
    submitted = stt("batch", "submit", words, WEATHER)
    assert submitted.status == 10
    assert "words.wav: this is text, not audio" in submitted.stderr
    states = {
        Path(job["input"]).name: job["state"]
        for job in json.loads(stt("batch", "list", "--json").stdout)
    }
    assert states == {"words.wav": "failed", WEATHER.name: "succeeded"}
