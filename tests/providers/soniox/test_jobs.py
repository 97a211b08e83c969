"""Soniox's batch jobs through the command line, against the emulator."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.emulating import KEY, emulated
from tests.providers.conftest import Shell


@pytest.mark.conformance("SN-05", "SN-06")
def test_a_recording_is_submitted_polled_and_its_upload_removed(
    shell: Shell, wav: Path
) -> None:
    with emulated("soniox", transcripts=("Good day. | All of you.",)) as service:
        done = shell(service, "batch", "submit", wav, "-p", "soniox")
        assert done.status == 0
        (job_id,) = done.lines
        (upload,) = service.all("upload")
        assert upload["filename"] == "meeting.wav"
        reference = upload["client_reference_id"]
        (created,) = service.all("create")
        assert created["fields"] == {
            "model": "stt-async-v6",
            "file_id": created["fields"]["file_id"],
            "client_reference_id": reference,
        }
        for line in (
            f"transcription id: {job_id}",
            f"client reference id: {reference}",
            f"file id: {created['fields']['file_id']}",
        ):
            assert line in done.stderr
        polled = shell(service, "poll", job_id)
        assert (polled.status, polled.text) == (0, "Good day. All of you.\n")
        assert service.all("delete file")[0]["id"] == created["fields"]["file_id"]
        assert not service.all("delete transcription")


@pytest.mark.conformance("SN-05")
def test_no_part_of_a_local_path_leaves_the_machine(shell: Shell, wav: Path) -> None:
    with emulated("soniox") as service:
        shell(service, "batch", "submit", wav, "-p", "soniox")
        sent = str(service.journal.all())
        assert "meeting.wav" in sent
        assert "secret-folder" not in sent


@pytest.mark.conformance("SN-05")
def test_every_documented_field_reaches_the_service(shell: Shell, wav: Path) -> None:
    given = (
        "language_hints=de",
        "language_hints_strict=true",
        "enable_language_identification=true",
        "translation=fr",
        'context={"general":[{"key":"domain","value":"Health"}]}',
        "webhook_auth_header_name=X-A",
        "webhook_auth_header_value=hush-hush-1",
        "client_reference_id=order-7",
    )
    params = [part for value in given for part in ("--param", value)]
    with emulated("soniox") as service:
        done = shell(
            service, "batch", "submit", wav, "-p", "soniox", "--model", "stt-async-v4",
            "--speakers", "--phrase", "Zyrtec", "--webhook-url", "http://127.0.0.1:9/x",
            *params,
        )  # fmt: skip
        assert done.status == 0, done.stderr
        fields = service.all("create")[0]["fields"]
        assert service.all("upload")[0]["client_reference_id"] == "order-7"
    fields.pop("file_id")
    assert fields == {
        "model": "stt-async-v4",
        "language_hints": ["de"],
        "language_hints_strict": True,
        "enable_speaker_diarization": True,
        "enable_language_identification": True,
        "translation": {"type": "one_way", "target_language": "fr"},
        "context": {
            "general": [{"key": "domain", "value": "Health"}],
            "terms": ["Zyrtec"],
        },
        "webhook_url": "http://127.0.0.1:9/x",
        "webhook_auth_header_name": "X-A",
        "webhook_auth_header_value": "hush-hush-1",
        "client_reference_id": "order-7",
    }


@pytest.mark.conformance("SN-05")
def test_a_url_is_fetched_by_the_service(shell: Shell) -> None:
    url = "https://soniox.com/media/examples/coffee_shop.mp3"
    with emulated("soniox") as service:
        done = shell(service, "batch", "submit", url, "-p", "soniox", "-l", "en-US")
        assert done.status == 0, done.stderr
        assert not service.all("upload")
        fields = service.all("create")[0]["fields"]
        assert (fields["audio_url"], fields["language_hints"]) == (url, ["en"])


@pytest.mark.conformance("SN-06")
def test_speakers_languages_and_translations_are_told_apart(
    shell: Shell, wav: Path
) -> None:
    params = [
        "--speakers",
        "--param=translation=fr",
        "--param=enable_language_identification=true",
    ]
    with emulated("soniox", transcripts=("Good day. | All of you.",)) as service:
        done = shell(service, "batch", "submit", wav, "-p", "soniox", *params)
        job = shell.json(service, "poll", done.lines[0])
    transcript = job["transcript"]
    assert [
        (s["text"], s["speaker"], s["language"]) for s in transcript["segments"]
    ] == [
        ("Good day.", "1", "en"),
        ("All of you.", "2", "en"),
    ]
    assert [w["text"] for w in transcript["segments"][1]["words"]] == [
        "All",
        "of",
        "you.",
    ]
    assert [s["translations"] for s in transcript["segments"]] == [
        {"fr": "Good day. (fr)"},
        {"fr": "All of you. (fr)"},
    ]
    assert transcript["translations"] == {"fr": "Good day. (fr) All of you. (fr)"}


@pytest.mark.conformance("SN-06")
def test_jobs_are_listed_page_by_page_and_deleted_with_their_files(
    shell: Shell, wav: Path
) -> None:
    with emulated("soniox") as service:
        ids = [
            shell(service, "batch", "submit", wav, "-p", "soniox").lines[0]
            for _ in range(3)
        ]
        listed = shell.json(service, "batch", "list", "-p", "soniox", "--all")
        assert {job["id"] for job in listed} == set(ids)
        one = shell.json(service, "batch", "list", "-p", "soniox", "--limit", "1")
        assert len(one) == 1
        failed = shell.json(
            service, "batch", "list", "-p", "soniox", "--state", "failed"
        )
        assert failed == []
        assert shell(service, "batch", "delete", ids[0]).status == 0
        file_id = listed[-1]["ids"]["file_id"]
        assert [e["id"] for e in service.all("delete file")] == [file_id]
        assert shell(service, "status", ids[0]).status == 5


@pytest.mark.conformance("SN-01")
def test_status_keeps_every_field_and_reports_a_refused_web_hook(
    shell: Shell, wav: Path
) -> None:
    from tests.loopback import Answer, serving

    with emulated("soniox") as service, serving() as receiver:
        receiver.answers(Answer(403))
        done = shell(
            service,
            "batch",
            "submit",
            wav,
            "-p",
            "soniox",
            "--webhook-url",
            receiver.url,
        )
        job_id = done.lines[0]
        for _ in range(200):
            job = shell.json(service, "status", job_id)
            if job["details"]["webhook_status_code"]:
                break
            time.sleep(0.05)
        assert job["details"]["webhook_status_code"] == 403
        assert job["state"] == "succeeded"
        assert job["details"]["model"] == "stt-async-v6"
        assert job["duration"] == 2.0
        told = shell(service, "status", job_id)
        assert "rejected the notification with HTTP 403" in told.stderr
        assert len(receiver.received) >= 1
        assert receiver.received[0].body == (
            f'{{"id": "{job_id}", "status": "completed"}}'.encode()
        )


@pytest.mark.conformance("SN-02")
def test_a_failed_job_tells_type_message_and_advice(shell: Shell, wav: Path) -> None:
    with emulated("soniox", "fail-job") as service:
        job_id = shell(service, "batch", "submit", wav, "-p", "soniox").lines[0]
        polled = shell(service, "poll", job_id)
        assert polled.status == 6
        assert "Could not decode audio file" in polled.stderr
        assert "invalid_audio_file" in polled.stderr
        assert "convert it" in polled.stderr
        assert f"transcription id: {job_id}" in polled.stderr
        status = shell.json(service, "status", job_id)
        assert (status["state"], status["provider_state"]) == ("failed", "error")
        assert status["error"]["provider_code"] == "invalid_audio_file"


@pytest.mark.conformance("SN-02")
def test_queued_and_processing_are_waited_for(shell: Shell, wav: Path) -> None:
    with emulated("soniox", delay=3.0) as service:
        done = shell.json(service, "batch", "submit", wav, "-p", "soniox")
        job_id = done[0]["id"]
        assert (done[0]["state"], done[0]["provider_state"]) == ("queued", "queued")
        while (job := shell.json(service, "status", job_id))["state"] == "queued":
            time.sleep(0.05)
        assert (job["state"], job["provider_state"]) == ("running", "processing")
        early = shell(service, "batch", "results", job_id)
        assert early.status == 7
        polled = shell.run("poll", job_id, env={"SONIOX_API_KEY": KEY})
        assert polled.text == "Hello world.\n"


@pytest.mark.conformance("SN-03", "SN-04")
def test_an_unknown_job_is_exit_5_with_the_request_id(shell: Shell) -> None:
    with emulated("soniox") as service:
        done = shell(service, "status", "no-such-job", "-p", "soniox")
    assert done.status == 5
    assert re.search(r"^request id: [0-9a-f-]{36}$", done.stderr, re.M)
    assert "transcription id: no-such-job" in done.stderr


@pytest.mark.conformance("SN-04")
def test_a_wrong_key_is_exit_4_and_never_shown(shell: Shell, wav: Path) -> None:
    with emulated("soniox", key="another-key-0002") as service:
        done = shell(service, "batch", "submit", wav, "-p", "soniox", "-vv")
    assert done.status == 4
    assert "SONIOX_API_KEY" in done.stderr
    assert re.search(r"^request id: [0-9a-f-]{36}$", done.stderr, re.M)
    assert KEY not in done.stderr + done.text


@pytest.mark.conformance("SN-03", "SN-04")
def test_500_is_retried_then_names_support_and_request_id(shell: Shell) -> None:
    with emulated("soniox", "status:500:100") as service:
        done = shell(service, "status", "some-job", "-p", "soniox")
        assert len(service.log) == 5
    assert done.status == 8
    assert "support@soniox.com" in done.stderr
    assert re.search(r"^request id: [0-9a-f-]{36}$", done.stderr, re.M)
    assert len(shell.slept) == 4


@pytest.mark.parametrize("step", ["upload", "create"])
def test_500_three_times_is_lived_through_and_nothing_is_made_twice(
    shell: Shell, wav: Path, step: str
) -> None:
    with emulated("soniox") as service:
        if step == "create":
            # The upload passes; then faults begin.
            service.faults.add("status:500:0")
        service.faults.add("status:500:3")
        done = shell(service, "batch", "submit", wav, "-p", "soniox")
        assert done.status == 0, done.stderr
        assert len(service.all("create")) == 1
        assert len(service.all("upload")) == 1


@pytest.mark.conformance("SN-05")
def test_a_lost_answer_is_found_again_by_its_reference(shell: Shell, wav: Path) -> None:
    with emulated("soniox", "lose-answer:2") as service:
        done = shell(service, "batch", "submit", wav, "-p", "soniox")
        assert done.status == 0, done.stderr
        # The upload's answer was lost, and the creation's: both were done once.
        assert len(service.all("upload")) == 1
        assert len(service.all("create")) == 1
        listed = shell.json(service, "batch", "list", "-p", "soniox")
        assert [job["id"] for job in listed] == done.lines


def test_a_lost_answer_is_never_taken_for_an_older_job_of_the_same_reference(
    shell: Shell, wav: Path
) -> None:
    other = wav.with_name("other.wav")
    other.write_bytes(wav.read_bytes() + bytes(2))
    same = ("-p", "soniox", "--param", "client_reference_id=order-7")
    with emulated("soniox") as service:
        first = shell(service, "batch", "submit", wav, *same)
        service.faults.add("lose-answer:2")
        second = shell(service, "batch", "submit", other, *same)
        assert (first.status, second.status) == (0, 0)
        assert first.lines != second.lines
        listed = shell.json(service, "batch", "list", "-p", "soniox")
        names = {job["id"]: job["input"] for job in listed}
    assert names == {first.lines[0]: "meeting.wav", second.lines[0]: "other.wav"}


@pytest.mark.parametrize(
    ("fault", "pause"), [("rate-limit:2", 1.0), ("status:429:2", 0.5)]
)
def test_429_waits_as_long_as_asked_or_a_moment(
    shell: Shell, wav: Path, fault: str, pause: float
) -> None:
    with emulated("soniox", fault) as service:
        done = shell(service, "batch", "submit", wav, "-p", "soniox")
        assert done.status == 0, done.stderr
    assert shell.slept[0] == pause


def test_429_without_end_is_exit_9(shell: Shell) -> None:
    with emulated("soniox", "status:429:100") as service:
        assert shell(service, "batch", "list", "-p", "soniox").status == 9


@pytest.mark.conformance("SN-03")
def test_a_storage_cap_is_exit_4_at_once(shell: Shell, wav: Path) -> None:
    with emulated("soniox", "storage-full") as service:
        done = shell(service, "batch", "submit", wav, "-p", "soniox")
        posts = [line for line in service.log if line.startswith("POST")]
    assert done.status == 4
    assert posts == ["POST /v1/files 429"]
    assert shell.slept == []
    assert "storage limit" in done.stderr
    assert "stt batch delete" in done.stderr


def test_a_refused_job_leaves_no_upload_behind(shell: Shell, wav: Path) -> None:
    with emulated("soniox") as service:
        done = shell(
            service, "batch", "submit", wav, "-p", "soniox", "--model", "stt-rt-v6"
        )
        assert done.status == 5
        assert "body.payload.model" in done.stderr
        assert len(service.all("delete file")) == 1


def test_truncated_json_is_asked_for_again(shell: Shell, wav: Path) -> None:
    with emulated("soniox") as service:
        job_id = shell(service, "batch", "submit", wav, "-p", "soniox").lines[0]
        service.faults.add("truncated:2")
        polled = shell(service, "poll", job_id)
    assert (polled.status, polled.text) == (0, "Hello world.\n")


@pytest.mark.conformance("SN-07")
def test_control_sequences_in_a_transcript_are_shown_and_not_obeyed(
    shell: Shell, wav: Path
) -> None:
    evil = "red \x1b[31malert\x1b]0;owned\x07 [bold]x[/bold]"
    with emulated("soniox", transcripts=(evil,)) as service:
        job_id = shell(service, "batch", "submit", wav, "-p", "soniox").lines[0]
        polled = shell(service, "poll", job_id)
    assert polled.status == 0
    assert b"\x1b" not in polled.stdout
    assert b"\x07" not in polled.stdout
    assert "[bold]x[/bold]" in polled.text


@pytest.mark.conformance("SN-07")
def test_no_secret_appears_in_any_output(
    shell: Shell, wav: Path, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    shell.variables["SONIOX_API_WEBHOOK_SECRET"] = "hush-hush-42"
    with emulated("soniox") as service:
        done = shell(
            service, "batch", "submit", wav, "-p", "soniox",
            "--webhook-url", "http://127.0.0.1:9/", "-vv", "--log-file", log,
        )  # fmt: skip
        fields = service.all("create")[0]["fields"]
        assert fields["webhook_auth_header_value"] == "hush-hush-42"
        assert fields["webhook_auth_header_name"] == "X-Soniox-Webhook-Secret"
        job_id = done.lines[0]
        shell(service, "poll", job_id, "--no-results")
        status = shell(service, "status", job_id, "--json", "-vv")
        dry = shell(
            service, "batch", "submit", wav, "-p", "soniox", "--dry-run",
            "--webhook-url", "http://127.0.0.1:9/",
        )  # fmt: skip
        rows = shell(service, "history", "--json")
    assert '"***"' in status.text
    everything = log.read_text() + "".join(
        one.text + one.stderr for one in (done, status, dry, rows)
    )
    assert "hush-hush" not in everything
    assert KEY not in everything
    assert "POST" in dry.text + dry.stderr


def test_models_and_languages_are_listed_where_the_commands_exist(
    shell: Shell,
) -> None:
    from stt_cli.providers.base import ProviderContext
    from stt_cli.providers.registry import provider_spec
    from tests.fake_time import fake_environment

    with emulated("soniox", key=None) as service:
        context = ProviderContext(fake_environment(), endpoint=service.url)
        provider = provider_spec("soniox").open(context)
        models = {model.id: model for model in provider.models()}
        assert {"stt-rt-v6", "stt-async-v6", "tts-rt-v2"} <= set(models)
        assert "en" in models["stt-rt-v6"].languages
        assert "de" in [language.tag for language in provider.languages()]
        assert [check.state for check in provider.checks()] == ["ok"]
        provider.close()


def test_a_service_that_stays_broken_is_tried_five_times_and_no_more(
    shell: Shell, wav: Path
) -> None:
    with emulated("soniox", "status:500:1000") as emulator:
        done = shell(emulator, "batch", "submit", wav, "-p", "soniox")
        assert len([line for line in emulator.log if " 500" in line]) == 5
    assert done.status == 8
    assert done.stderr.count("(tried 5 times)") == 1


@pytest.mark.parametrize("command", [["status"], ["poll"], ["batch", "results"]])
def test_an_id_that_the_service_does_not_know_is_shown_once(
    shell: Shell, command: list[str]
) -> None:
    with emulated("soniox") as service:
        done = shell(service, *command, "nope", "-p", "soniox")
    assert done.status == 5
    assert [line for line in done.stderr.splitlines() if "nope" in line] == [
        "transcription id: nope"
    ]
