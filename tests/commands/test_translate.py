"""``--translate-to`` as a user has it: on the screen, in files, read back, refused."""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from stt_cli.formats.schemas import schema_text
from tests.conftest import Runner
from tests.emulating import KEY, Emulated, emulated
from tests.providers.azure.realtime_kit import tone

SPOKEN = "Hello. [de: Hallo.] [fr: Bonjour.]"
SESSION = re.compile(r"session id: [0-9a-f]{32}")


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    monkeypatch.setenv("AZURE_SPEECH_KEY", KEY)
    with emulated("azure", transcripts=(SPOKEN,)) as service:
        monkeypatch.setenv("STT_AZURE_ENDPOINT", service.url)
        monkeypatch.setenv("STT_PROVIDER", "azure")
        yield service


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A second of what the emulator takes for speech."""
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone(1))
    return path


@pytest.mark.conformance("TR-01")
def test_the_session_id_is_first_and_translations_follow_their_phrase(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    done = stt("recognize", recording, "--translate-to", "de,fr")
    assert done.status == 0
    assert done.lines == ["Hello.", "  [de] Hallo.", "  [fr] Bonjour."]
    assert SESSION.fullmatch(done.stderr.splitlines()[0])
    assert done.stderr.splitlines()[0].endswith(azure.all("connect")[0]["session"])


@pytest.mark.conformance("TR-01")
def test_the_session_id_is_told_and_kept_where_translating_fails(
    stt: Runner, monkeypatch: pytest.MonkeyPatch, recording: Path
) -> None:
    monkeypatch.setenv("AZURE_SPEECH_KEY", KEY)
    with emulated("azure", "close:1007", transcripts=(SPOKEN,)) as service:
        done = stt(
            *("recognize", recording, "-p", "azure", "--endpoint", service.url),
            *("--translate-to", "de"),
        )
        session = service.all("connect")[0]["session"]
    assert done.status != 0
    assert done.stderr.splitlines()[0] == f"session id: {session}"
    assert session in stt("history").text


@pytest.mark.conformance("TR-02")
def test_json_and_events_have_them_under_their_languages(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    told = stt("recognize", recording, "--translate-to", "de", "--json")
    known = json.loads(told.text)
    jsonschema.validate(known, json.loads(schema_text("transcript")))
    assert known["translations"] == {"de": "Hallo."}
    lines = stt(
        *("recognize", recording, "--translate-to", "de", "-f", "jsonl", "--interim")
    ).lines
    events = [json.loads(line) for line in lines]
    schema = json.loads(schema_text("event"))
    for event in events:
        jsonschema.validate(event, schema)
    partials = [event for event in events if event["type"] == "partial"]
    phrases = [event for event in events if event["type"] == "phrase"]
    assert partials[0]["translations"] == {"de": "hallo"}
    assert phrases[0]["segment"]["translations"] == {"de": "Hallo."}


@pytest.mark.conformance("TR-02")
def test_captions_are_a_file_for_each_language(
    stt: Runner, azure: Emulated, recording: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = stt(
        *("recognize", recording, "--translate-to", "de,fr"),
        *("-f", "srt,vtt,json", "-o", f"{out}/"),
    )
    assert done.status == 0
    stem = recording.stem
    assert {path.name for path in out.iterdir()} == {
        f"{stem}.json",
        *(f"{stem}{tag}.{kind}" for tag in ("", ".de", ".fr") for kind in KINDS),
    }
    for tag, text in (("", "Hello."), (".de", "Hallo."), (".fr", "Bonjour.")):
        for kind in KINDS:
            assert text in (out / f"{stem}{tag}.{kind}").read_text()


KINDS = ("srt", "vtt")


def test_one_track_that_is_there_is_found_before_anything_is_sent(
    stt: Runner, azure: Emulated, recording: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.de.srt").write_text("mine")
    asked = ("recognize", recording, "--translate-to", "de")
    done = stt(*asked, "-o", tmp_path / "a.srt")
    assert done.status == 2
    assert "a.de.srt already exists" in done.stderr
    assert azure.all("connect") == []
    assert stt(*asked, "-o", tmp_path / "a.srt", "--skip-existing").status == 0
    assert (tmp_path / "a.de.srt").read_text() == "mine"
    assert "Hello." in (tmp_path / "a.srt").read_text()


def test_captions_of_several_languages_do_not_share_stdout(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    asked = ("recognize", recording, "--translate-to", "de,fr", "-f", "srt")
    refused = stt(*asked)
    assert refused.status == 2
    assert "captions in 3 languages" in refused.stderr
    assert azure.all("connect") == []
    done = stt(*asked, "--caption-language", "fr")
    assert done.status == 0
    assert done.lines[2] == "Bonjour."
    unknown = stt(*asked, "--caption-language", "es")
    assert unknown.status == 2
    assert "choose from original, de, fr" in unknown.stderr


def test_saved_translations_are_converted_to_everything_and_back(
    stt: Runner, azure: Emulated, recording: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "call.json"
    stt("recognize", recording, "--translate-to", "de,fr", "-o", saved)
    out = tmp_path / "out"
    done = stt("convert", saved, "-f", "srt,tsv,md,csv,text", "-o", f"{out}/")
    assert done.status == 0
    assert "Hallo." in (out / "call.de.srt").read_text()
    assert "> **de:** Hallo." in (out / "call.md").read_text()
    back = json.loads(stt("convert", out / "call.tsv", "-f", "json").text)
    assert back["translations"] == {"de": "Hallo.", "fr": "Bonjour."}
    assert stt("convert", saved, "-f", "srt").status == 2
    chosen = stt("convert", saved, "-f", "vtt", "--caption-language", "de")
    assert chosen.lines[-1] == "Hallo."
    assert stt("convert", saved, "-f", "vtt", "--caption-language", "es").status == 2


@pytest.mark.parametrize("provider", ["local", "bing", "watson", "scriptix"])
def test_a_provider_that_does_not_translate_says_so(
    stt: Runner, recording: Path, provider: str
) -> None:
    done = stt("recognize", recording, "-p", provider, "--translate-to", "de")
    assert done.status == 2
    assert f"{provider} does not support translations (--translate-to)" in done.stderr
    hint = done.stderr.splitlines()[-1]
    assert hint.startswith("hint: azure ")
    assert hint.endswith("; choose a provider with -p")


def test_a_job_of_a_provider_that_translates_only_live_is_refused(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    done = stt("batch", "submit", recording, "--translate-to", "de")
    assert done.status == 2
    assert "azure does not support translation in jobs (--translate-to)" in done.stderr


@pytest.mark.parametrize("given", ["", "de,,fr", "German!", "de fr"])
def test_what_is_no_language_is_refused(
    stt: Runner, azure: Emulated, recording: Path, given: str
) -> None:
    done = stt("recognize", recording, "--translate-to", given)
    assert done.status == 2
    assert "--translate-to" in done.stderr
    assert azure.all("connect") == []


def test_a_language_named_twice_is_asked_for_once(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    stt("recognize", recording, "--translate-to", "de,DE", "--translate-to", "fr")
    context = azure.all("speech.context")[0]["body"]
    assert context["translation"]["targetLanguages"] == ["de", "fr"]


def test_a_dry_run_shows_the_languages_and_sends_nothing(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    done = stt("recognize", recording, "--translate-to", "de", "--dry-run")
    assert '"targetLanguages": ["de"]' in done.text
    assert azure.all("connect") == []


def test_the_fallback_cannot_translate(
    stt: Runner, azure: Emulated, recording: Path
) -> None:
    done = stt(*("recognize", recording, "--translate-to", "de", "--fallback", "local"))
    assert done.status == 2
    assert "--fallback local cannot translate" in done.stderr


@pytest.mark.conformance("TR-02")
def test_a_jobs_captions_are_a_file_for_each_language(
    stt: Runner, monkeypatch: pytest.MonkeyPatch, recording: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    out = tmp_path / "out"
    with emulated("soniox", transcripts=(SPOKEN,)) as service:
        at = ("-p", "soniox", "--endpoint", service.url)
        asked = ("batch", "submit", recording, "--translate-to", "de", *at)
        assert stt(*asked, "--wait", "-f", "srt,json", "-o", f"{out}/").status == 0
        names = {path.name for path in out.iterdir()}
        assert names == {"a.srt", "a.de.srt", "a.json"}
        assert "Hello." in (out / "a.srt").read_text()
        assert "Hallo." in (out / "a.de.srt").read_text()
        known = json.loads((out / "a.json").read_text())
        (job,) = json.loads(stt("batch", "list", *at, "--json").text)
        job_id = job["id"]
        chosen = stt("poll", job_id, *at, "-f", "srt", "--caption-language", "de")
        assert chosen.lines[2] == "Hallo."
        both = stt("poll", job_id, *at, "-f", "srt").lines
        assert [line for line in both if line.startswith("==>")][-1].endswith(
            "[de] <=="
        )
    assert known["translations"] == {"de": "Hallo."}
