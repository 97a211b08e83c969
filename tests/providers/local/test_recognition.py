"""The provider ``local``: real recordings in every form, offline."""

from __future__ import annotations

import io
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from stt_cli.audio.open import open_source
from stt_cli.audio.wav import pcm_header
from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    SttError,
    UsageError,
)
from stt_cli.core.events import (
    Ended,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.engines.espeak import open_espeak
from stt_cli.engines.synthesis import Utterance as Speech
from stt_cli.engines.whisper.store import ModelStore
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.local.recognition import shared_cores
from stt_cli.providers.local.spec import SPEC
from tests.audio.tones import WEATHER, WEATHER_TEXT
from tests.conftest import Runner

PCM = WEATHER.read_bytes()[44:]


def environment(stdin: bytes = b"") -> Environment:
    return Environment(
        variables={},
        directories=Directories(),
        stdin=io.BytesIO(stdin),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    opened = SPEC.open(ProviderContext(environment()))
    yield opened
    opened.close()


def events(
    provider: Provider, path: Path | str, **options: Any
) -> list[RecognitionEvent]:
    stdin = options.pop("stdin", b"")
    raw_rate = options.pop("raw_rate", None)
    source = open_source(str(path), environment(stdin), raw_rate=raw_rate)
    return list(provider.recognize(source, RecognizeOptions(**options)))


def text(happened: list[RecognitionEvent]) -> str:
    return " ".join(e.segment.text for e in happened if isinstance(e, Phrase))


def test_a_wav(provider: Provider) -> None:
    happened = events(provider, WEATHER, language="en-US")
    started = happened[0]
    assert isinstance(started, Started)
    assert len(started.ids.session_id or "") == 32
    assert (started.transport, started.language) == ("local", "en-US")
    assert text(happened) == WEATHER_TEXT
    assert not any(isinstance(event, Partial) for event in happened)


@pytest.mark.conformance("LO-01")
@pytest.mark.parametrize(
    ("name", "rate", "channels", "how"),
    [
        ("a.wav", 8_000, 1, {"subtype": "ULAW"}),
        ("a.wav", 44_100, 2, {"subtype": "PCM_24"}),
        ("a.flac", 96_000, 1, {}),
        ("a.ogg", 48_000, 1, {"subtype": "OPUS"}),
        ("a.mp3", 44_100, 2, {}),
        ("a.aiff", 22_050, 1, {}),
    ],
)
def test_any_format_and_rate(
    provider: Provider,
    tmp_path: Path,
    name: str,
    rate: int,
    channels: int,
    how: dict[str, str],
) -> None:
    samples, original = soundfile.read(WEATHER, always_2d=True)
    resampled = soxr.resample(samples, original, rate).repeat(channels, axis=1)
    soundfile.write(tmp_path / name, resampled, rate, **how)
    assert text(events(provider, tmp_path / name)) == WEATHER_TEXT


@pytest.mark.parametrize(
    ("jobs", "one_window", "shares"),
    [
        (4, False, (4, 1)),
        (2, True, (1, 2)),
        (9, True, (1, 4)),
        (1, True, (1, 1)),
        (0, False, (1, 1)),
    ],
)
def test_a_single_window_gets_all_cores(
    jobs: int, one_window: bool, shares: tuple[int, int]
) -> None:
    assert shared_cores(jobs, one_window=one_window) == shares


def test_one_voice_on_sixty_channels_is_found(stt: Runner, tmp_path: Path) -> None:
    samples, rate = soundfile.read(WEATHER)
    mixed = np.zeros((len(samples), 60))
    mixed[:, 17] = samples
    path = tmp_path / "desk.wav"
    soundfile.write(path, mixed, rate)
    together = stt("recognize", path)
    assert " ".join(together.text.split()) == WEATHER_TEXT
    apart = json.loads(stt("recognize", path, "--channels", "--json").text)
    assert {segment["channel"] for segment in apart["segments"]} == {17}
    assert " ".join(one["text"] for one in apart["segments"]) == WEATHER_TEXT


@pytest.mark.conformance("LO-01")
@pytest.mark.parametrize("jobs", [1, 2])
def test_standard_input_with_partials(provider: Provider, jobs: int) -> None:
    happened = events(
        provider, "-", stdin=WEATHER.read_bytes(), jobs=jobs, model="pocketsphinx"
    )
    words = "what's the weather like today it will rain in the morning"
    assert text(happened) == words
    assert sum(isinstance(event, Partial) for event in happened) > 4


@pytest.mark.conformance("LO-01")
def test_raw_pcm_on_standard_input(provider: Provider) -> None:
    happened = events(provider, "-", stdin=PCM, raw_rate=16_000, interim=False)
    assert text(happened) == WEATHER_TEXT
    assert not any(isinstance(event, Partial) for event in happened)


def test_silence_is_told_from_failure(provider: Provider) -> None:
    happened = events(provider, "-", stdin=bytes(64_000), raw_rate=16_000)
    assert happened[-1] == Ended(RecognitionStatus.INITIAL_SILENCE, duration=2.0)


def test_several_threads_share_one_provider(provider: Provider) -> None:
    texts: dict[int, str] = {}

    def work(index: int) -> None:
        texts[index] = text(events(provider, WEATHER, jobs=2))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == dict.fromkeys(range(3), WEATHER_TEXT)


def test_a_session_id_of_ones_own(provider: Provider) -> None:
    source = open_source(str(WEATHER), environment())
    mine = "0123456789abcdef0123456789abcdef"
    started = next(provider.recognize(source, RecognizeOptions(session_id=mine)))
    assert isinstance(started, Started)
    assert started.ids.session_id == mine


def test_bad_audio_comes_after_the_ids(provider: Provider, tmp_path: Path) -> None:
    path = tmp_path / "words.wav"
    path.write_text("these are words\n" * 20)
    happening = provider.recognize(
        open_source(str(path), environment()), RecognizeOptions()
    )
    assert isinstance(next(happening), Started)
    with pytest.raises(AudioError, match="this is text"):
        next(happening)


@pytest.mark.conformance("LO-08")
@pytest.mark.parametrize(
    ("language", "name"),
    [("de-DE", "German"), ("fr", "French"), ("zh_CN", "Chinese")],
)
def test_a_language_for_which_a_model_must_be_downloaded(
    provider: Provider, language: str, name: str
) -> None:
    with pytest.raises(
        ConfigurationError, match=f"only supports English, not {name}"
    ) as caught:
        events(provider, WEATHER, language=language)
    assert caught.value.hint == (
        "to get a multilingual model, run: stt models download base"
    )


def test_a_model_for_english_alone_detects_no_language(provider: Provider) -> None:
    with pytest.raises(ConfigurationError, match="cannot detect languages"):
        events(provider, WEATHER, language="auto")


def test_a_language_that_no_model_knows(provider: Provider) -> None:
    with pytest.raises(UsageError, match="does not support the language tlh"):
        events(provider, WEATHER, language="tlh")
    with pytest.raises(
        UsageError, match="the pocketsphinx model only supports English"
    ):
        events(provider, WEATHER, language="de", model="pocketsphinx")


@pytest.mark.parametrize(
    ("files", "told", "hint"),
    [
        (None, "unknown model", "stt models -p local"),
        ((), "contains no recognition model", "model.bin"),
        (("notes.txt",), "contains no recognition model", "model.bin"),
        (("model.safetensors",), "a PyTorch", "ct2-transformers-converter"),
        (("mdef",), "has no language model", "*.lm.bin"),
        (("model.bin",), "has no vocabulary", "vocabulary.txt"),
    ],
)
def test_what_is_no_model(
    provider: Provider,
    tmp_path: Path,
    files: tuple[str, ...] | None,
    told: str,
    hint: str,
) -> None:
    folder = tmp_path / "model"
    if files is not None:
        folder.mkdir()
    for name in files or ():
        (folder / name).write_bytes(b"no model")
    with pytest.raises(SttError, match=told) as caught:
        events(provider, WEATHER, model=str(folder))
    assert caught.value.exit_status == 2
    assert hint in str(caught.value.hint)


def test_a_model_cut_short_or_altered(provider: Provider, tmp_path: Path) -> None:
    whole = ModelStore(environment()).find("tiny.en")
    assert whole is not None
    for path in whole.folder.iterdir():
        if path.suffix in (".json", ".txt", ".bin"):
            shutil.copy(path, tmp_path)
    with (tmp_path / "model.bin").open("r+b") as file:
        file.truncate(1_000_000)
    with pytest.raises(ConfigurationError, match="cannot load the model"):
        events(provider, WEATHER, model=str(tmp_path))


def test_a_misspelled_model_is_told_the_near_one(provider: Provider) -> None:
    with pytest.raises(UsageError) as caught:
        events(provider, WEATHER, model="large_v3_turbo")
    assert caught.value.hint == "did you mean large-v3-turbo?"


def test_a_folder_is_taken_and_its_hash_told(provider: Provider) -> None:
    whole = ModelStore(environment()).find("tiny.en")
    assert whole is not None
    happened = events(provider, WEATHER, model=str(whole.folder))
    assert text(happened) == WEATHER_TEXT
    started = happened[0]
    assert isinstance(started, Started)
    assert started.details == {
        "engine": "whisper",
        "model": str(whole.folder),
        "model_sha256": whole.model.sha256,
    }


def test_where_there_is_no_whisper_pocketsphinx_recognizes_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with closing(SPEC.open(ProviderContext(environment()))) as lacking:
        happened = events(lacking, WEATHER)
        notices = [e.message for e in happened if isinstance(e, Notice)]
        assert text(happened).startswith("what's the weather")
        assert len(notices) == 1
        assert "pocketsphinx" in notices[0]
        again = events(lacking, WEATHER)
        assert not [e for e in again if isinstance(e, Notice)]
        states = {check.name: check.state for check in lacking.checks()}
        assert states["engine"] == "warning"


@pytest.mark.conformance("LO-13")
def test_hints_spell_names(provider: Provider, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    spoken = open_espeak().speak(Speech("I use ComfyUI every day", "en-US"))
    path.write_bytes(pcm_header(22_050) + b"".join(spoken))
    assert "ComfyUI" not in text(events(provider, path))
    assert "ComfyUI" in text(events(provider, path, phrases=("ComfyUI",)))
    with pytest.raises(UsageError, match="does not support phrase hints"):
        events(provider, path, phrases=("ComfyUI",), model="pocketsphinx")


def test_more_hints_than_fit_are_told(provider: Provider) -> None:
    names = tuple(f"Name number {index}" for index in range(100))
    happened = events(provider, WEATHER, phrases=names)
    (notice,) = [e for e in happened if isinstance(e, Notice)]
    assert "of 100 phrases" in notice.message


def test_a_dry_run_says_that_nothing_is_sent(provider: Provider) -> None:
    source = open_source(str(WEATHER), environment())
    shown = provider.preview(source, RecognizeOptions(jobs=3))
    assert shown.startswith("nothing would be sent: ")
    assert "wav, pcm_s16le, 16000 Hz, 1 channel(s), 4.2 s" in shown


def test_what_it_offers(provider: Provider) -> None:
    models = {model.id: model for model in provider.models()}
    assert next(iter(models)) == "tiny.en"
    assert list(models)[-1] == "pocketsphinx"
    installed = [name for name, m in models.items() if m.details["installed"]]
    assert installed == ["tiny.en", "pocketsphinx"]
    assert models["tiny.en"].languages == ("en",)
    assert "de" in models["base"].languages
    tags = [language.tag for language in provider.languages()]
    assert tags[:3] == ["en-US", "zh", "de"]
    checks = {check.name: check for check in provider.checks()}
    assert checks["engine"].state == checks["model"].state == "ok"
    assert "tiny.en, SHA-256 1a5afae06a4d" in checks["model"].message
