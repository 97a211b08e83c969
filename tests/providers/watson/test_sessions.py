"""Sessions of the 2018 interface: cookies, sequence IDs, long polling, deletion."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from stt_cli.core.http_message import HttpResponse
from stt_cli.net.client import Timeouts
from stt_cli.protocols.watson.errors import lost_session
from stt_cli.providers.watson import session
from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated
from tests.loopback import Answer, LoopbackServer, Received, serving
from tests.providers.watson.conftest import Shell

SAID = ("good day my friend | how are you",)
OVER_SESSION = ("--transport", "session")


@pytest.mark.conformance("WA-04", "WA-06", "WA-10")
def test_one_session_serves_all_files_of_a_run_and_is_deleted_at_its_end(
    shell: Shell, wav: Path, other_wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(
            emulator, "recognize", wav, other_wav, *OVER_SESSION,
            "--param=customization_id=lm", "--param=acoustic_customization_id=am",
            "--param=base_model_version=v1", "--param=timestamps=true",
        )  # fmt: skip
        (made,) = emulator.all("session")
        posted = emulator.all("posted")
        (gone,) = emulator.all("deleted")
    assert done.status == 0
    assert done.text.count("good day my friend\nhow are you\n") == 2
    assert f"session id: {made['id']} ({wav})\n" in done.stderr
    assert gone["id"] == made["id"]
    # What is fixed with a session goes nowhere else.
    for name in ("customization_id=lm", "acoustic_customization_id=am", "model=en-US"):
        assert name in made["query"]
    assert "base_model_version=v1" in made["query"]
    assert "timestamps" not in made["query"]
    numbers = [post["sequence_id"] for post in posted]
    assert len(set(numbers)) == 2
    assert None not in numbers


@pytest.mark.conformance("WA-04", "WA-07", "WA-08")
def test_partials_come_from_observing_while_the_audio_is_posted(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID, delay=0.3) as emulator:
        known = shell.json(emulator, "recognize", wav, *OVER_SESSION)
        (observed,) = emulator.all("observed")
        (posted,) = emulator.all("posted")
    assert observed["sequence_id"] == posted["sequence_id"]
    assert observed["interim"] is True
    assert known["timing"]["first_partial"] < known["timing"]["total"] - 0.2
    assert known["text"] == "good day my friend how are you"
    assert known["transport"] == "session"
    session_url = known["details"]["session"]["new_session_uri"]
    assert session_url.endswith(f"/v1/sessions/{known['ids']['session_id']}")


@pytest.mark.conformance("WA-09")
def test_an_observation_that_times_out_is_repeated_and_nothing_comes_twice(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", "cut-observe:2", transcripts=SAID, delay=1.0) as emulator:
        known = shell.json(emulator, "recognize", wav, *OVER_SESSION)
        observed = emulator.all("observed")
    assert len(observed) >= 3
    # Results unread for 30 s would end the session.
    assert shell.slept
    assert max(shell.slept) < 30
    assert len({each["sequence_id"] for each in observed}) == 1
    assert [s["text"] for s in known["segments"]] == [
        "good day my friend",
        "how are you",
    ]


@pytest.mark.conformance("WA-09")
def test_an_observation_that_says_nothing_is_given_up_and_repeated(
    shell: Shell, wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.OBSERVING.read < 30
    monkeypatch.setattr(session, "OBSERVING", Timeouts(read=0.2))
    # Hypotheses come at once; what follows takes longer than an observer waits.
    with emulated("watson", transcripts=SAID, delay=1.0) as emulator:
        known = shell.json(emulator, "recognize", wav, *OVER_SESSION)
        observed = emulator.all("observed")
    assert len(observed) >= 3
    assert len({each["sequence_id"] for each in observed}) == 1
    assert known["text"] == "good day my friend how are you"


@pytest.mark.conformance("WA-03", "WA-08")
def test_long_parameters_become_a_form_in_a_session_too(
    shell: Shell, wav: Path
) -> None:
    words = [f"keyword-{number:04}-{'x' * 40}" for number in range(200)]
    params = [f"--param=keywords={word}" for word in words]
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(
            emulator, "recognize", wav, *OVER_SESSION, *params,
            "--param", "keywords_threshold=0.5",
        )  # fmt: skip
        (metadata,) = emulator.all("metadata")
        (posted,) = emulator.all("posted")
        (observed,) = emulator.all("observed")
    assert (done.status, done.lines) == (0, ["good day my friend", "how are you"])
    assert metadata["keywords"] == words
    # The sequence ID is in the metadata then, not in the query.
    assert metadata["sequence_id"] == posted["sequence_id"] == observed["sequence_id"]


@pytest.mark.conformance("WA-10")
def test_unending_silence_is_only_for_those_who_ask_and_they_learn_the_price(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        asked = shell(
            emulator, "recognize", wav, *OVER_SESSION, "--param=inactivity_timeout=-1"
        )
        other = shell(emulator, "recognize", wav, *OVER_SESSION)
    assert asked.status == other.status == 0
    assert "IBM keeps charging for silence" in asked.stderr
    assert "billed" not in other.stderr


@pytest.mark.conformance("WA-10")
def test_a_session_is_deleted_after_a_failure_too(
    shell: Shell, wav: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(silent_wav(0.001))
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, broken, *OVER_SESSION)
        assert len(emulator.all("session")) == len(emulator.all("deleted")) == 1
    assert done.status == 10
    assert "good day my friend" in done.text


@pytest.mark.conformance("WA-10")
@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_session_is_deleted_on_ctrl_c_and_when_terminated(
    wav: Path, sent: signal.Signals, status: int
) -> None:
    with emulated("watson", transcripts=SAID, delay=30.0) as emulator:
        process = subprocess.Popen(
            [sys.executable, "-m", "stt_cli", "recognize", str(wav), *OVER_SESSION,
             "-p", "watson", "--endpoint", emulator.url],
            env={**os.environ, "SPEECH_TO_TEXT_APIKEY": KEY},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        emulator.journal.wait_for("posted")
        assert process.stderr is not None
        told = b""
        while b"session id: " not in told:  # long before there is an answer
            told = process.stderr.readline()
            assert told
        process.send_signal(sent)
        _out, err = process.communicate(timeout=20)
        (made,) = emulator.all("session")
        (gone,) = emulator.journal.wait_for("deleted")
    assert process.returncode == status
    assert made["id"] == gone["id"]
    assert f"session id: {made['id']}" in told.decode()
    assert b"Traceback" not in err


def test_an_expired_session_between_two_files_is_replaced(
    shell: Shell, wav: Path, other_wav: Path
) -> None:
    with emulated("watson", "expire-session", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, other_wav, *OVER_SESSION)
        made = emulator.all("session")
    assert (done.status, len(made)) == (0, 2)
    assert "the session has expired" in done.stderr
    for each in made:
        assert f"session id: {each['id']} (" in done.stderr


@pytest.mark.conformance("WA-05")
def test_the_cookie_goes_with_every_session_request_and_is_never_shown(
    shell: Shell, wav: Path, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(
            emulator, "recognize", wav, *OVER_SESSION, "-vv", "--log-file", log
        )
        (made,) = emulator.all("session")
    # The emulator refuses every request of a session without its cookie.
    assert done.status == 0
    assert "SESSIONID=" not in (done.stderr + log.read_text()).replace(
        "SESSIONID=***", ""
    )
    assert made["id"] in done.stderr
    # The cookie is the ID and something more: the one is shown, the other is not.
    shown = done.stderr + log.read_text()
    assert not re.search(made["id"] + "[0-9a-f]", shown)


@pytest.mark.conformance("WA-05")
def test_a_redirect_to_another_host_gets_no_cookie(shell: Shell, wav: Path) -> None:
    with serving() as other, serving() as service:

        def play(request: Received) -> Answer:
            if request.target.startswith("/v1/sessions?") and request.method == "POST":
                made = json.dumps({"session_id": "5e55"}).encode()
                cookie = ("Set-Cookie", "SESSIONID=5e55secret; Secure; HttpOnly")
                return Answer(201, made, (cookie,))
            if request.target == "/identity/token":
                return Answer(200, b'{"access_token": "a.b.c", "expires_in": 3600}')
            assert "SESSIONID=5e55secret" in (request.header("Cookie") or "")
            elsewhere = other.url + request.target
            return Answer(307, b"", (("Location", elsewhere),))

        service.play = play
        other.play = lambda _request: Answer(404)
        done = shell(service, "recognize", wav, *OVER_SESSION)  # type: ignore[arg-type]
    assert done.status != 0
    assert other.received
    for request in other.received:
        assert request.header("Cookie") is None
        assert request.header("Authorization") is None


Plays = Callable[[Received], Answer | None]


@contextmanager
def scripted_session(shell: Shell, play: Plays) -> Iterator[LoopbackServer]:
    """A session as the document has it, but for what ``play`` answers itself."""
    shell.variables = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up"}
    results = b'{"results": [{"final": true, "alternatives": [{"transcript": "x "}]}]}'

    def answer(request: Received) -> Answer:
        own = play(request)
        if own is not None:
            return own
        if request.method == "DELETE":
            return Answer(204, b"")
        if "/recognize" in request.target and request.method == "GET":
            return Answer(200, b'{"session": {"state": "initialized"}}')
        if "/sessions/" in request.target:
            return Answer(200, results)
        cookie = ("Set-Cookie", "SESSIONID=5e55aa; Secure; HttpOnly")
        return Answer(201, b'{"session_id": "5e55"}', (cookie,))

    with serving() as service:
        service.play = answer
        yield service


def calls(service: LoopbackServer) -> list[str]:
    return [
        f"{r.method} {r.target.partition('?')[0].rpartition('/')[2]}"
        for r in service.received
        if "observe_result" not in r.target
    ]


@pytest.mark.conformance("WA-06")
def test_nothing_is_posted_before_the_session_is_initialized(
    shell: Shell, wav: Path
) -> None:
    states = iter(["preparing", "preparing", "initialized"])

    def play(request: Received) -> Answer | None:
        if request.method == "GET" and "observe" not in request.target:
            state = json.dumps({"session": {"state": next(states)}})
            return Answer(200, state.encode())
        return None

    with scripted_session(shell, play) as service:
        done = shell(service, "recognize", wav, *OVER_SESSION)  # type: ignore[arg-type]
    assert done.status == 0, done.stderr
    assert calls(service) == [
        "POST sessions",
        *["GET recognize"] * 3,
        "POST recognize",
        "DELETE 5e55",
    ]


@pytest.mark.conformance("WA-06")
def test_a_session_that_is_busy_is_asked_again(shell: Shell, wav: Path) -> None:
    busy = b'{"error": "session is already processing a request", "code": 503}'
    answers = iter([Answer(503, busy), Answer(503, busy), None])

    def play(request: Received) -> Answer | None:
        is_work = request.method == "POST" and "/recognize" in request.target
        return next(answers) if is_work else None

    with scripted_session(shell, play) as service:
        done = shell(service, "recognize", wav, *OVER_SESSION)  # type: ignore[arg-type]
    assert (done.status, done.lines) == (0, ["x"])
    assert calls(service).count("POST recognize") == 3


@pytest.mark.conformance("WA-11")
@pytest.mark.parametrize(
    ("cookie", "status", "words", "explained"),
    [
        ("5e55aa", 400, "Cookie must be set.", "cookie did not reach Watson"),
        ("0ther00", 404, "Session does not exist.", "belongs to a different session"),
        ("5e55aa", 404, "Session does not exist.", "the session has expired"),
    ],
)
def test_a_run_says_what_is_wrong_between_session_and_cookie(
    shell: Shell, wav: Path, cookie: str, status: int, words: str, explained: str
) -> None:
    def play(request: Received) -> Answer | None:
        if request.target.startswith("/v1/sessions?"):
            made = ("Set-Cookie", f"SESSIONID={cookie}; Secure; HttpOnly")
            return Answer(201, b'{"session_id": "5e55"}', (made,))
        return Answer(status, json.dumps({"error": words, "code": status}).encode())

    with scripted_session(shell, play) as service:
        done = shell(service, "recognize", wav, *OVER_SESSION)  # type: ignore[arg-type]
    assert done.status == 5
    assert explained in done.stderr
    assert words.rstrip(".") in done.stderr
    assert "session id: 5e55\n" in done.stderr


@contextmanager
def session_of(emulator: Emulated) -> Iterator[tuple[httpx.Client, str]]:
    """A session made by hand, with its cookie in every request."""
    bearer = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=emulator.url, headers=bearer, trust_env=False) as client:
        made = client.post("/v1/sessions")
        cookies = [c for c in made.headers.get_list("set-cookie") if "SESSIONID" in c]
        client.cookies.clear()
        client.headers["Cookie"] = cookies[0].partition(";")[0]
        yield client, f"/v1/sessions/{made.json()['session_id']}"


@pytest.mark.conformance("WA-11")
def test_a_missing_a_wrong_and_an_expired_cookie_are_told_apart() -> None:
    with emulated("watson") as emulator, session_of(emulator) as (client, path):
        right = client.headers.pop("Cookie")
        missing = client.get(f"{path}/recognize")
        wrong = client.get(
            f"{path}/recognize", headers={"Cookie": "SESSIONID=0123456789"}
        )
        assert client.delete(path, headers={"Cookie": right}).status_code == 204
        expired = client.get(f"{path}/recognize", headers={"Cookie": right})
    assert (missing.status_code, missing.json()["error"]) == (
        400,
        "Cookie must be set.",
    )
    for answer in (wrong, expired):
        assert answer.status_code == 404
        assert answer.json()["error"] == "Session does not exist."
    session_id = path.rpartition("/")[2]
    own = right.partition("=")[2]
    explained = [
        str(lost_session(_as_response(answer), session_id, cookie))
        for answer, cookie in ((missing, None), (wrong, "0123456789"), (expired, own))
    ]
    assert explained[0].startswith("the session cookie did not reach Watson")
    assert explained[1].startswith("the session cookie belongs to a different session")
    assert explained[2].startswith("the session has expired")


def _as_response(answer: httpx.Response) -> HttpResponse:
    return HttpResponse(
        answer.status_code, tuple(answer.headers.multi_items()), answer.content
    )


@pytest.mark.conformance("WA-06")
def test_a_session_does_one_request_at_a_time_and_survives_a_second() -> None:
    async def both(path: str, headers: Any, url: str) -> list[int]:
        async with httpx.AsyncClient(
            base_url=url, headers=headers, trust_env=False
        ) as client:
            audio = silent_wav(1.0)
            kind = {"Content-Type": "audio/wav"}
            post = f"{path}/recognize"
            answers = await asyncio.gather(
                *(client.post(post, content=audio, headers=kind) for _ in range(2))
            )
            after = await client.post(post, content=audio, headers=kind)
        return [*sorted(a.status_code for a in answers), after.status_code]

    with (
        emulated("watson", transcripts=SAID, delay=0.3) as emulator,
        session_of(emulator) as (client, path),
    ):
        heads = dict(client.headers)
        statuses = asyncio.run(both(path, heads, emulator.url))
    assert statuses == [200, 503, 200]


@pytest.mark.conformance("WA-08")
def test_the_figure_of_the_document_over_the_wire() -> None:
    """The timed figure, its seconds shortened to tenths."""

    async def play(path: str, headers: Any, url: str) -> dict[str, tuple[int, float]]:
        start = time.monotonic()
        outcome: dict[str, tuple[int, float]] = {}

        async with httpx.AsyncClient(
            base_url=url, headers=headers, trust_env=False, timeout=10
        ) as client:

            async def at(moment: float, name: str, sequence: int | None) -> None:
                await asyncio.sleep(moment)
                query = {} if sequence is None else {"sequence_id": str(sequence)}
                if name.startswith("POST"):
                    answer = await client.post(
                        f"{path}/recognize", params=query, content=silent_wav(1.0),
                        headers={"Content-Type": "audio/wav"},
                    )  # fmt: skip
                else:
                    answer = await client.get(f"{path}/observe_result", params=query)
                outcome[name] = (answer.status_code, time.monotonic() - start)

            await asyncio.gather(
                at(0.0, "POST 1", 1),
                at(0.2, "GET 1 early", 1),
                at(0.2, "GET 2 early", 2),
                at(0.2, "GET none early", None),
                at(1.1, "GET 1 after", 1),
                at(1.2, "GET 2 waits", 2),
                at(1.2, "GET 3 waits", 3),
                at(1.2, "GET none waits", None),
                at(1.6, "POST 2", 2),
            )
        return outcome

    with (
        emulated("watson", transcripts=SAID, delay=0.6) as emulator,
        session_of(emulator) as (client, path),
    ):
        seen = asyncio.run(play(path, dict(client.headers), emulator.url))
    first, second = seen["POST 1"][1], seen["POST 2"][1]
    assert {name: status for name, (status, _at) in seen.items()} == {
        "POST 1": 200,
        "GET 1 early": 200,
        "GET 2 early": 404,
        "GET none early": 200,
        "GET 1 after": 200,
        "GET 2 waits": 200,
        "GET 3 waits": 404,
        "GET none waits": 200,
        "POST 2": 200,
    }
    assert seen["GET 2 early"][1] < first
    assert seen["GET 1 after"][1] < 1.6
    assert 1.6 <= seen["GET 3 waits"][1] < second
    assert seen["GET 2 waits"][1] == pytest.approx(second, abs=0.25)


def test_late_joiners_get_the_whole_history_as_glued_objects() -> None:
    from stt_cli.protocols.watson.glued_json import GluedJson

    with (
        emulated("watson", transcripts=SAID) as emulator,
        session_of(emulator) as (client, path),
    ):
        kind = {"Content-Type": "audio/wav"}
        post = f"{path}/recognize?sequence_id=7"
        answer = client.post(post, content=silent_wav(1.0), headers=kind)
        history = client.get(
            f"{path}/observe_result?sequence_id=7&interim_results=true"
        )
    glued = GluedJson()
    objects = list(glued.feed(history.content))
    glued.finish()
    finals = [o["results"][0] for o in objects if o["results"][0]["final"]]
    assert finals == answer.json()["results"]
    assert len(objects) > len(finals)
    assert b"}{" in history.content


@pytest.mark.conformance("WA-12")
def test_both_time_outs_are_explained() -> None:
    from stt_cli.protocols.watson.errors import failure

    silent = failure("No speech detected for 30s.", 400)
    assert int(silent.exit_status) == 10
    assert "inactivity_timeout=-1" in (silent.hint or "")
    slow = failure("Session timed out due to inactivity after 30 seconds.", 408)
    assert "about as fast as it is spoken" in (slow.hint or "")
    assert slow.transient


@pytest.mark.conformance("WA-12")
def test_silence_beyond_the_inactivity_timeout_fails_and_minus_one_allows_it(
    shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "silence.wav"
    path.write_bytes(silent_wav(3.0))
    over = ("--transport", "websocket")
    # A transcript without a phrase: what the engine makes of silence.
    with emulated("watson", transcripts=(" | ",)) as emulator:
        failed = shell(
            emulator, "recognize", path, *over, "--param=inactivity_timeout=2"
        )
        allowed = shell(
            emulator, "recognize", path, *over, "--param=inactivity_timeout=-1"
        )
    assert failed.status == 10
    assert "No speech detected for 2s" in failed.stderr
    assert "inactivity_timeout=-1 (IBM charges for" in failed.stderr
    assert allowed.status == 3
