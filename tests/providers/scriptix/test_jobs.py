"""Scriptix' sessions through the command line, against the emulator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stt_cli.core.secret import Secret
from tests.commands.conftest import silent_wav
from tests.emulating import KEY, emulated
from tests.providers.conftest import Shell

SUBMIT = ("batch", "submit", "-p", "scriptix")


@pytest.mark.conformance("SX-08", "SX-09", "SX-01", "SX-02")
def test_a_recording_goes_to_the_storage_and_its_document_comes_back(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", transcripts=("Good day. | All of you.",)) as service:
        done = shell(service, *SUBMIT, wav, "--speakers")
        assert done.status == 0, done.stderr
        (session_id,) = done.lines
        assert f"session id: {session_id}" in done.stderr
        (created,) = service.all("create")
        assert created["fields"] == {
            "language": "en-us",
            "punctuation": True,
            "diarization": True,
        }
        (blob,) = service.all("blob")
        assert (blob["size"], blob["content_type"]) == (64_044, "audio/wav")
        assert "x-ms-blob-type" in blob["headers"]
        assert not {"authorization", "x-zoom-s2t-key"} & set(blob["headers"])
        polled = shell(service, "poll", session_id)
        assert polled.text == "M1: Good day.\nM2: All of you.\n"
        status = shell.json(service, "status", session_id)
        assert (status["state"], status["provider_state"]) == ("succeeded", "completed")
        assert status["details"]["session_mode"] == "decode"
        assert status["duration"] == 2.0
        srt = shell(service, "batch", "results", session_id, "-f", "srt")
        assert "00:00:01,000 --> 00:00:02,000\n" in srt.text
        assert [entry["format"] for entry in service.all("document")] == ["json"] * 2


@pytest.mark.conformance("SX-09")
@pytest.mark.parametrize("name", ["text", "json", "jsonl", "srt", "vtt", "tsv"])
def test_the_document_is_written_in_every_format(
    shell: Shell, wav: Path, tmp_path: Path, name: str
) -> None:
    with emulated("scriptix") as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        out = tmp_path / "result"
        done = shell(service, "poll", session_id, "-f", name, "-o", out)
        assert done.status == 0, done.stderr
        assert "Hello world." in out.read_text()


@pytest.mark.conformance("SX-08")
@pytest.mark.parametrize("route", ["multipart", "tus", "legacy"])
def test_the_other_documented_routes_work(shell: Shell, wav: Path, route: str) -> None:
    with emulated("scriptix") as service:
        done = shell(service, *SUBMIT, wav, "--param", f"upload={route}")
        assert done.status == 0, done.stderr
        (upload,) = service.all("upload")
        expected = {"multipart": "form"}.get(route, route)
        assert (upload["route"], upload["size"]) == (expected, 64_044)
        assert upload["filename"] == "meeting.wav"
        polled = shell(service, "poll", done.lines[0])
        assert polled.text == "Hello world.\n"
        assert "secret-folder" not in str(service.journal.all())


def test_a_resumable_upload_goes_on_where_it_broke_off(
    shell: Shell, wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stt_cli.providers.scriptix.resumable.TUS_CHUNK", 20_000)
    with emulated("scriptix") as service:
        done = shell(service, *SUBMIT, wav, "--param", "upload=tus", "-l", "nl-NL")
        assert done.status == 0, done.stderr
        (tus,) = service.all("tus")
        assert tus["metadata"]["language"] == "nl-NL"
        assert tus["metadata"]["document_type"] == "document"
        patches = [line for line in service.log if line.startswith("PATCH")]
        assert len(patches) == 4


@pytest.mark.conformance("SX-08")
def test_a_url_is_fetched_by_the_service_with_every_option(shell: Shell) -> None:
    with emulated("scriptix") as service:
        done = shell(
            service, *SUBMIT, "https://example.com/talk.mp3", "-l", "de-DE",
            "--param", "punctuation=false", "--param", "multichannel=true",
            "--param", "keep_source=true", "--param", "folder_id=7",
            "--param", 'document={"document_type":"caption"}',
            "--param", 'meta_data={"order":"7"}',
            "--param", "webhook_headers=X-A: b", "--param", "webhook_method=PUT",
            "--webhook-url", "http://127.0.0.1:9/x",
        )  # fmt: skip
        assert done.status == 0, done.stderr
        assert service.all("create")[0]["fields"] == {
            "language": "de-de",
            "punctuation": False,
            "multichannel": True,
            "keep_source": True,
            "folder_id": 7,
            "document": {"document_type": "caption"},
            "meta_data": {"order": "7"},
            "webhook_headers": ["X-A: b"],
            "webhook_method": "PUT",
            "webhook_url": "http://127.0.0.1:9/x",
            "media_source": "https://example.com/talk.mp3",
        }


@pytest.mark.conformance("SX-03")
def test_a_failed_session_shows_its_error_and_remedy(shell: Shell, wav: Path) -> None:
    with emulated("scriptix", "fail-job") as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        polled = shell(service, "poll", session_id)
        assert polled.status == 6
        assert "Audio format could not be decoded" in polled.stderr
        assert "hint: convert the recording to MP3 or WAV" in polled.stderr
        assert f"session id: {session_id}" in polled.stderr
        status = shell(service, "status", session_id)
        assert status.status == 0
        assert "convert the recording" in status.stderr


@pytest.mark.conformance("SX-03")
def test_a_recording_that_is_too_short_says_so(shell: Shell, tmp_path: Path) -> None:
    short = tmp_path / "short.wav"
    short.write_bytes(silent_wav(0.5))
    with emulated("scriptix") as service:
        session_id = shell(service, *SUBMIT, short).lines[0]
        polled = shell(service, "poll", session_id)
    assert polled.status == 6
    assert "hint: the recording must be at least 1 second long" in polled.stderr


@pytest.mark.conformance("SX-04")
def test_an_unknown_session_is_exit_5_with_the_three_causes(shell: Shell) -> None:
    with emulated("scriptix") as service:
        done = shell(service, "status", "abc123", "-p", "scriptix")
    assert done.status == 5
    assert "SESSION_NOT_FOUND" in done.stderr
    for cause in ("ID may be wrong", "deleted", "a different organization"):
        assert cause in done.stderr
    assert "session id: abc123" in done.stderr


@pytest.mark.conformance("SX-12")
def test_401_is_exit_4_and_says_that_a_batch_token_is_needed(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", key="another-key-0002") as service:
        done = shell(service, *SUBMIT, wav)
    assert done.status == 4
    assert "type Batch" in done.stderr
    assert KEY not in done.stderr


@pytest.mark.conformance("SX-01")
def test_both_ways_of_sending_the_token_are_offered(shell: Shell, wav: Path) -> None:
    shell.variables["SCRIPTIX_AUTH"] = "header"
    with emulated("scriptix") as service:
        assert shell(service, *SUBMIT, wav).status == 0


@pytest.mark.conformance("SX-06")
def test_sessions_are_listed_by_pages_and_by_state(shell: Shell, wav: Path) -> None:
    with emulated("scriptix") as service:
        ids = [shell(service, *SUBMIT, wav, "--force").lines[0] for _ in range(4)]
        service.faults.add("fail-job")
        failed = shell(service, *SUBMIT, wav, "--force").lines[0]
        assert shell(service, "poll", failed).status == 6
        some = shell.json(service, "batch", "list", "-p", "scriptix", "--limit", "2")
        assert [job["id"] for job in some] == [failed, ids[-1]]
        every = shell.json(service, "batch", "list", "-p", "scriptix", "--all")
        assert {job["id"] for job in every} == {*ids, failed}
        only = shell.json(
            service, "batch", "list", "-p", "scriptix", "--state", "failed", "--all"
        )
        assert [job["id"] for job in only] == [failed]
        assert service.all("list")[-1]["status"] == "failed"


@pytest.mark.conformance("SX-06")
def test_all_pages_are_followed(shell: Shell) -> None:
    from stt_cli.core.options import JobQuery
    from stt_cli.providers.base import ProviderContext
    from stt_cli.providers.registry import provider_spec
    from tests.fake_time import fake_environment

    with emulated("scriptix") as service:
        for number in range(27):
            url = f"https://example.com/{number}.mp3"
            assert shell(service, *SUBMIT, url).status == 0
        shell_context = ProviderContext(
            fake_environment(), endpoint=service.url, secrets=_secrets()
        )
        provider = provider_spec("scriptix").open(shell_context)
        assert len(list(provider.jobs(JobQuery()))) == 25
        assert len(list(provider.jobs(JobQuery(follow_pages=True)))) == 27
        assert [m.id for m in provider.models()] == ["custom_model_7"]
        assert [check.state for check in provider.checks()] == ["ok"]
        provider.close()


@pytest.mark.conformance("SX-07")
def test_waiting_for_many_costs_list_requests(shell: Shell, wav: Path) -> None:
    with emulated("scriptix") as service:
        ids = [shell(service, *SUBMIT, wav, "--force").lines[0] for _ in range(5)]
        assert shell(service, "poll", *ids, "--no-results").status == 0
        before, lists = len(service.log), len(service.all("list"))
        done = shell(service, "poll", *ids, "--no-results")
        assert done.status == 0, done.stderr
        assert service.all("get") == []
        assert len(service.log) - before == 1
        assert len(service.all("list")) - lists == 1


def test_a_list_that_fails_is_told_for_every_session_and_waiting_goes_on(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix") as service:
        ids = [shell(service, *SUBMIT, wav, "--force").lines[0] for _ in range(2)]
        service.faults.add("status:503:7")
        done = shell(service, "poll", *ids, "--no-results")
        assert done.status == 0, done.stderr
    assert "status check failed" in done.stderr


@pytest.mark.conformance("SX-05")
def test_intervals_limit_and_expiry_are_the_documented_ones(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", delay=3600.0) as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        clock = [0.0]

        def sleep(seconds: float) -> None:
            shell.slept.append(seconds)
            clock[0] += seconds

        env = {"SCRIPTIX_TOKEN": KEY}
        done = shell.run(
            "poll", session_id, env=env, sleep=sleep, random=lambda: 0.0,
            monotonic=lambda: clock[0],
        )  # fmt: skip
        assert done.status == 7
        assert f"timed out after 600 s; {session_id} is still running" in done.stderr
        pauses = shell.slept
        assert pauses[:20] == [3.0] * 20
        assert pauses[20:68] == [5.0] * 48
        assert pauses[68:98] == [10.0] * 30
        assert len(service.all("get")) == 99
        shell.slept.clear()
        clock[0] = 0.0
        shell.run(
            "poll", session_id, "--timeout", "60", env=env, sleep=sleep,
            random=lambda: 0.9, monotonic=lambda: clock[0],
        )  # fmt: skip
        assert min(shell.slept[:-1]) > 3.0  # chance only lengthens


@pytest.mark.conformance("SX-05", "SX-11")
def test_a_long_recording_gets_more_time_and_an_estimate(shell: Shell) -> None:
    from stt_cli.core.job import Job, JobState
    from stt_cli.providers.base import ProviderContext
    from stt_cli.providers.registry import provider_spec
    from tests.fake_time import fake_environment

    context = ProviderContext(fake_environment(), endpoint="http://127.0.0.1:1")
    provider = provider_spec("scriptix").open(context)
    hour = Job("s", "scriptix", JobState.RUNNING, duration=3600.0)
    policy = provider.polling(hour)
    assert policy.limit == 1740.0
    assert policy.expected == (360.0, 1320.0)
    assert provider.polling(None).limit == 600.0
    assert provider.polling(None).expected is None


@pytest.mark.conformance("SX-11")
def test_the_estimate_is_shown_for_audio_of_known_length(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", delay=3600.0) as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        clock = [0.0]

        def sleep(seconds: float) -> None:
            clock[0] += seconds

        done = shell.run(
            "poll", session_id, "--timeout", "10", env={"SCRIPTIX_TOKEN": KEY},
            sleep=sleep, monotonic=lambda: clock[0],
        )  # fmt: skip
    assert re.search(rf"{session_id} usually takes \d:", done.stderr)


def test_a_session_is_erased(shell: Shell, wav: Path) -> None:
    with emulated("scriptix") as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        assert shell(service, "batch", "delete", session_id).status == 0
        assert shell(service, "status", session_id).status == 5
        assert shell(service, "batch", "delete", session_id).status == 5


@pytest.mark.parametrize("fault", ["status:500:3", "status:429:2", "rate-limit:2"])
def test_faults_that_pass_are_lived_through(
    shell: Shell, wav: Path, fault: str
) -> None:
    with emulated("scriptix") as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        service.faults.add(fault)
        assert shell(service, "status", session_id).status == 0
        service.faults.add("truncated:2")
        assert shell(service, "status", session_id).status == 0
    assert shell.slept


def test_500_while_submitting_makes_one_session_with_audio(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", "status:500:3") as service:
        done = shell(service, *SUBMIT, wav)
        assert done.status == 0, done.stderr
        assert len(service.all("blob")) == 1


def test_a_rate_limit_without_end_is_exit_9(shell: Shell) -> None:
    with emulated("scriptix", "rate-limit:100") as service:
        assert shell(service, "batch", "list", "-p", "scriptix").status == 9


def test_an_unknown_language_or_route_is_exit_2(shell: Shell, wav: Path) -> None:
    with emulated("scriptix") as service:
        wrong = shell(service, *SUBMIT, wav, "-l", "klingon!")
        assert wrong.status == 2
        assert "language: unknown or missing" in wrong.stderr
        route = shell(service, *SUBMIT, wav, "--param", "upload=pigeon")
        assert (route.status, "blob, multipart" in route.stderr) == (2, True)


def test_control_sequences_in_a_document_are_not_obeyed(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", transcripts=("a \x1b[2J b",)) as service:
        session_id = shell(service, *SUBMIT, wav).lines[0]
        done = shell(service, "poll", session_id)
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://127.0.0.1/", "https://localhost/", "https:///x"],
)
def test_a_web_hook_that_the_service_cannot_call_is_refused_before(url: str) -> None:
    from stt_cli.core.errors import UsageError
    from stt_cli.core.options import JobOptions
    from stt_cli.providers.base import ProviderContext
    from stt_cli.providers.scriptix.options import submission_of
    from tests.fake_time import fake_environment

    context = ProviderContext(fake_environment())
    with pytest.raises(UsageError, match="does not send webhooks to"):
        submission_of(JobOptions(webhook_url=url), context)
    fine = JobOptions(webhook_url="https://hooks.example.com/x")
    assert submission_of(fine, context).fields["webhook_url"]


def test_a_dry_run_shows_no_secret(shell: Shell, wav: Path) -> None:
    shell.variables["SCRIPTIX_WEBHOOK_SECRET"] = "hush-hush-42"
    with emulated("scriptix") as service:
        done = shell(
            service, *SUBMIT, wav, "--dry-run", "--webhook-url", "http://127.0.0.1:9/"
        )
        assert service.log == []
    assert "X-Stt-Webhook-Secret: ***" in done.text + done.stderr
    assert "hush-hush" not in done.text + done.stderr


def _secrets() -> dict[str, Secret]:
    return {"token": Secret(KEY)}
