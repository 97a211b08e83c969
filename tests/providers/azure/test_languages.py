"""Several languages, or any: ``-l`` repeated and ``-l auto``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.events import Ended, Partial, Phrase
from stt_cli.core.options import Mode, RecognizeOptions
from tests.conftest import Runner
from tests.providers.azure.job_kit import URL, client, submitted, transcribed
from tests.providers.azure.realtime_kit import recognized, serving, silence, tone

SPEECH = tone(0.8) + silence(0.8) + tone(0.8) + silence(0.8) + tone(0.8)
HEARD = "Good morning. | [de-DE] Guten Morgen. | [fr-FR] Bonjour."
BOTH: dict[str, Any] = {"language": "en-US", "candidates": ("en-US", "de-DE")}
STREAMING = "MAI-Transcribe-2-Streaming"


def languages(events: list[Any]) -> list[str | None]:
    return [e.segment.language for e in events if isinstance(e, Phrase)]


def ended(events: list[Any]) -> Ended:
    end = events[-1]
    assert isinstance(end, Ended)
    return end


@pytest.mark.conformance("AZ-13")
def test_each_phrase_says_which_language_was_found() -> None:
    with serving(HEARD) as service:
        events = recognized(service, SPEECH, **BOTH)
        (context,) = service.journal.all("speech.context")
        (connect,) = service.journal.all("connect")
    # French is none of those to choose from.
    assert languages(events) == ["en-US", "de-DE", "en-US"]
    assert ended(events).language == "en-US"
    assert context["body"]["languageId"] == {
        "languages": ["en-US", "de-DE"],
        "mode": "DetectContinuous",
        "onSuccess": {"action": "Recognize"},
        "onUnknown": {"action": "None"},
        "priority": "PrioritizeLatency",
    }
    assert "language" not in context["body"]["phraseDetection"]
    assert "language" not in connect["query"]
    assert connect["query"]["lidEnabled"] == "true"


@pytest.mark.conformance("AZ-13")
def test_auto_is_the_open_range() -> None:
    with serving(HEARD) as service:
        events = recognized(service, SPEECH, language="auto")
        (context,) = service.journal.all("speech.context")
    assert context["body"]["languageId"]["languages"] == ["UND"]
    assert languages(events) == ["en-US", "de-DE", "fr-FR"]
    assert ended(events).language == "en-US"


@pytest.mark.conformance("AZ-13")
@pytest.mark.parametrize(
    ("options", "mode"),
    [
        ({"mode": Mode.INTERACTIVE}, "DetectAtAudioStart"),
        ({"mode": Mode.CONVERSATION}, "DetectContinuous"),
        ({"params": {"languageIdMode": ("AtStart",)}}, "DetectAtAudioStart"),
        (
            {
                "mode": Mode.INTERACTIVE,
                "params": {"languageIdMode": ("Continuous",)},
            },
            "DetectContinuous",
        ),
    ],
)
def test_the_language_is_found_once_or_again_and_again(
    options: dict[str, Any], mode: str
) -> None:
    with serving("[de-DE] Guten Morgen. | Good morning. | Bye.") as service:
        events = recognized(service, SPEECH, **BOTH, **options)
        contexts = service.journal.all("speech.context")
        (connect,) = service.journal.all("connect")
    assert contexts[0]["body"]["languageId"]["mode"] == mode
    assert "languageIdMode" not in connect["query"]
    if mode == "DetectAtAudioStart":
        assert set(languages(events)) == {"de-DE"}


def test_one_language_needs_no_identification() -> None:
    with serving(HEARD) as service:
        events = recognized(service, SPEECH, language="en-US")
        (context,) = service.journal.all("speech.context")
    assert "languageId" not in context["body"]
    assert set(languages(events)) == {None}


@pytest.mark.conformance("AZ-13")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"candidates": ("en-US", "en-GB")}, "en-US and en-GB are the same language"),
        (
            {
                "candidates": ("en-US", "de-DE", "fr-FR", "it-IT", "es-ES"),
                "mode": Mode.INTERACTIVE,
            },
            "one of at most 4 languages",
        ),
        (
            {"candidates": tuple(f"{chr(97 + n)}{chr(97 + n)}-XX" for n in range(11))},
            "one of at most 10 languages",
        ),
        ({"candidates": ("en-US", "no tag")}, "not a language tag"),
        (
            {
                "candidates": ("en-US", "de-DE"),
                "params": {"languageIdMode": ("Never",)},
            },
            "AtStart or Continuous",
        ),
    ],
)
def test_what_cannot_be_told_apart_is_said_before_anything_is_sent(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        recognized("http://127.0.0.1:9", SPEECH, language="en-US", **options)


@pytest.mark.conformance("AZ-13")
def test_a_batch_job_chooses_among_languages() -> None:
    with client(HEARD) as (made, service):
        job = submitted(made, URL, candidates=("en-US", "de-DE"))
        (sent,) = service.journal.all("job")
        (found,) = made.job_transcripts(job)
    assert sent["body"]["properties"]["languageIdentification"] == {
        "candidateLocales": ["en-US", "de-DE"]
    }
    assert sent["body"]["locale"] == "en-US"
    assert [s.language for s in found.segments] == ["en-US", "de-DE", "en-US"]


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"language": "auto"}, "languages"),
        ({"candidates": tuple("abcdefghijk")}, "at most 10 languages"),
        ({"model": STREAMING}, "over the WebSocket"),
    ],
)
def test_what_batch_cannot_detect_is_refused(
    wishes: dict[str, Any], words: str
) -> None:
    with client() as (made, _), pytest.raises(UsageError, match=words):
        submitted(made, URL, **wishes)


@pytest.mark.parametrize(
    ("version", "speakers"),
    [
        ("2025-10-15", {"diarization": {"enabled": True, "maxSpeakers": 5}}),
        (
            "v3.2",
            {
                "diarizationEnabled": True,
                "diarization": {"speakers": {"minCount": 1, "maxCount": 5}},
            },
        ),
    ],
)
def test_batch_is_told_how_many_speakers_there_are(
    version: str, speakers: dict[str, Any]
) -> None:
    with client("Hi.", version=version) as (made, service):
        submitted(made, URL, speakers=True, max_speakers=5)
        (sent,) = service.journal.all("job")
    properties = sent["body"]["properties"]
    assert {k: v for k, v in properties.items() if "diariz" in k} == speakers


@pytest.mark.conformance("AZ-14")
def test_a_streaming_model_is_named_in_the_context_of_the_universal_path() -> None:
    with serving(HEARD) as service:
        events = recognized(service, SPEECH, model=STREAMING)
        (context,) = service.journal.all("speech.context")
        (connect,) = service.journal.all("connect")
    assert connect["path"] == "/stt/speech/universal/v2"
    assert not {"language", "cid", "lidEnabled"} & connect["query"].keys()
    assert context["body"]["model"] == {"name": STREAMING}
    assert "language" not in context["body"]["phraseDetection"]
    phrases = [e.segment for e in events if isinstance(e, Phrase)]
    assert [p.text for p in phrases] == ["Good morning.", "Guten Morgen.", "Bonjour."]
    assert phrases[1].start == pytest.approx(1.6, abs=0.1)
    partials = [e for e in events if isinstance(e, Partial)]
    assert partials
    assert all(p.start is None and p.end is None for p in partials)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"words": True}, "word timestamps"),
        ({"detailed": True}, "n-best results"),
        ({"speakers": True}, "speaker labels"),
        ({"candidates": ("en-US", "de-DE")}, "several languages"),
    ],
)
def test_what_a_streaming_model_lacks_is_said(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        recognized("http://127.0.0.1:9", SPEECH, model=STREAMING, **options)


@pytest.mark.conformance("AZ-15")
@pytest.mark.parametrize("version", ["2027-03-01", "2026-01-15-preview"])
def test_a_newer_version_is_tried_with_a_warning(
    stt: Runner, recording: Any, version: str
) -> None:
    with serving("Hello.") as service:
        done = stt(
            "recognize", recording, "-p", "azure", "--endpoint", service.base_url,
            "--transport", "fast", env={"AZURE_SPEECH_API_VERSION": version},
        )  # fmt: skip
        (sent,) = service.journal.all("fast")
    assert (done.status, sent["version"]) == (0, version)
    assert f"warning: the API version {version} is newer" in done.stderr


@pytest.mark.conformance("AZ-15")
def test_jobs_warn_of_a_newer_version_too(stt: Runner) -> None:
    with serving("Hello.") as service:
        done = stt(
            "batch", "list", "-p", "azure", "--endpoint", service.base_url,
            env={"AZURE_SPEECH_API_VERSION": "2027-03-01"},
        )  # fmt: skip
    assert (done.status, "warning: the API version 2027-03-01" in done.stderr) == (
        0,
        True,
    )


@pytest.mark.conformance("AZ-15")
@pytest.mark.parametrize("version", ["v2.0", "2023-01-01", "2027-13-01", "latest"])
def test_a_version_that_there_never_was_is_refused(version: str) -> None:
    with (
        client(version=version) as (made, _),
        pytest.raises(ConfigurationError, match="unknown Azure API version"),
    ):
        transcribed(made, tone(0.1))


@pytest.mark.conformance("AZ-13")
@pytest.mark.parametrize(
    ("name", "offered"),
    [("scriptix", False), ("bing", False), ("watson", False), ("local", False)],
)
def test_others_refuse_what_they_cannot_choose(
    stt: Runner, recording: Any, name: str, offered: bool
) -> None:
    done = stt(
        "recognize", recording, "-p", name, "-l", "en-US", "-l", "de-DE",
        "--endpoint", "http://127.0.0.1:9",
    )  # fmt: skip
    assert done.status == 2
    assert f"{name} does not support several languages" in done.stderr


@pytest.mark.parametrize("name", ["scriptix", "bing"])
def test_who_cannot_detect_a_language_says_so(
    stt: Runner, recording: Any, name: str
) -> None:
    done = stt(
        "recognize", recording, "-p", name, "-l", "auto",
        "--endpoint", "http://127.0.0.1:9",
    )  # fmt: skip
    assert (done.status, "does not support language detection" in done.stderr) == (
        2,
        True,
    )


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("-l", "en-US", "-l", "de-DE"), {}),
        (("-l", "en-US,de-DE"), {}),
        ((), {"STT_LANGUAGE": "en-US, de-DE"}),
    ],
)
def test_languages_are_named_one_by_one_in_a_list_or_by_the_settings(
    stt: Runner, recording: Any, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    with serving("Hello.") as service:
        done = stt(
            "recognize", recording, "-p", "azure", "--endpoint", service.base_url,
            "--transport", "fast", *arguments, env=env,
        )  # fmt: skip
        (sent,) = service.journal.all("fast")
    assert done.status == 0, done.stderr
    assert sent["definition"]["locales"] == ["en-US", "de-DE"]


def test_auto_beside_a_name_is_no_choice(stt: Runner, recording: Any) -> None:
    done = stt("recognize", recording, "-p", "azure", "-l", "auto", "-l", "de-DE")
    assert done.status == 2
    assert "-l auto cannot be used" in done.stderr


def test_a_manifests_line_may_name_several(stt: Runner, tmp_path: Any) -> None:
    from tests.commands.conftest import silent_wav

    (tmp_path / "a.wav").write_bytes(silent_wav())
    line = json.dumps({"input": "a.wav", "language": "en-US,de-DE"})
    (tmp_path / "list.jsonl").write_text(line + "\n")
    with serving("Hello.") as service:
        done = stt(
            "batch", "submit", "--manifest", tmp_path / "list.jsonl", "-p", "azure",
            "--endpoint", service.base_url,
        )  # fmt: skip
        (sent,) = service.journal.all("fast")
    assert done.status == 0, done.stderr
    assert sent["definition"]["locales"] == ["en-US", "de-DE"]


def test_named_languages_are_one_two_or_none() -> None:
    assert RecognizeOptions().languages == ()
    assert RecognizeOptions(language="Auto").languages == ()
    assert RecognizeOptions(language="Auto").detects_language
    assert RecognizeOptions(language="de-DE").languages == ("de-DE",)
    assert not RecognizeOptions(language="de-DE").detects_language
    assert RecognizeOptions(**BOTH).languages == ("en-US", "de-DE")
