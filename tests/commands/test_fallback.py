"""``--fallback local``: the local engine takes over from a service that fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Runner

pytestmark = pytest.mark.usefixtures("parrot")

GUID = "9f4ffa5113a846eba289aa98b28e766f"


def failing(kind: str) -> list[str]:
    return [
        *("-p", "parrot", "--param=say=half", f"--param=fail={kind}"),
        *("--session-id", GUID, "--fallback", "local", "--allow-empty"),
    ]


@pytest.mark.parametrize("kind", ["UnreachableError", "QuotaError", "RateLimitedError"])
def test_the_local_engine_takes_over_and_the_result_says_so(
    stt: Runner, recording: Path, kind: str
) -> None:
    done = stt("recognize", recording, *failing(kind), "--json")
    assert done.status == 0
    known = json.loads(done.text)
    assert (known["provider"], known["error"]) == ("local", None)
    assert known["segments"] == []  # silence, and nothing of what the parrot said
    instead = known["details"]["fallback"]
    assert (instead["provider"], instead["ids"]["session_id"]) == ("parrot", GUID)
    assert instead["error"]["message"] == f"the parrot raised {kind}"
    assert f"notice: {recording}: the parrot raised {kind} (session id {GUID}," in (
        done.stderr
    )
    assert "falling back to local\n" in done.stderr
    rows = json.loads(stt("history", "--json").text)
    assert {row["provider"] for row in rows} == {"parrot", "local"}


def test_what_the_service_said_before_it_failed_is_not_printed(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, *failing("UnreachableError"))
    assert (done.status, done.text) == (0, "")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("CredentialsError", 4), ("UsageError", 2), ("AudioError", 10),
     ("ProviderError", 8)],
)  # fmt: skip
def test_other_failures_stay_failures(
    stt: Runner, recording: Path, kind: str, status: int
) -> None:
    done = stt("recognize", recording, *failing(kind))
    assert (done.status, done.text) == (status, "half\n")
    assert "instead" not in done.stderr


def test_a_service_that_works_is_not_replaced(stt: Runner, recording: Path) -> None:
    options = ["-p", "parrot", "--param=say=hello", "--fallback", "local"]
    done = stt("recognize", recording, *options, "--json")
    known = json.loads(done.text)
    assert (known["provider"], known["text"]) == ("parrot", "hello")
    assert "details" not in known


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-"], "cannot be used with input that can be read only"),
        (["--mic"], "cannot be used with input that can be read only"),
        (["a.wav", "-l", "de-DE"], "only recognizes en-US, not de-DE"),
    ],
)
def test_what_could_not_take_over_is_refused_beforehand(
    stt: Runner, options: list[str], words: str
) -> None:
    done = stt("recognize", *options, "-p", "parrot", "--fallback", "local")
    assert done.status == 2
    assert words in done.stderr
