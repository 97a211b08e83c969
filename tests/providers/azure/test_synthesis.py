"""``stt tts`` and ``stt voices`` by Azure and Bing, over real sockets."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
import soundfile

from stt_cli.audio.wav import pcm_header
from stt_cli.core.secret import Secret
from stt_cli.emulator.azure import build_app, build_bing_app
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.faults import FaultPlan
from stt_cli.emulator.server import running
from stt_cli.protocols.azure_tts.formats import AZURE_FORMATS, BING_FORMATS
from stt_cli.protocols.azure_tts.record import AudioRecord, build_record
from tests.conftest import Outcome, Runner
from tests.loopback import Answer, LoopbackServer, serving

KEY = "0123456789abcdef0123456789abcdef"
BING = {"BING_SPEECH_KEY": KEY}
AZURE = {"AZURE_SPEECH_KEY": KEY, "AZURE_SPEECH_REGION": "westeurope"}
ZIRA = "Microsoft Server Speech Text to Speech Voice (en-US, ZiraRUS)"
NS = "{http://www.w3.org/2001/10/synthesis}"
SENTENCE = "what's the weather like"
WAV = pcm_header(16_000, 3200) + bytes(3200)


class Service:
    """A running emulator, and the command line pointed at it."""

    def __init__(
        self, stt: Runner, url: str, config: EmulatorConfig, name: str
    ) -> None:
        self.url, self.journal, self._name, self._stt = url, config.journal, name, stt

    def tts(self, *arguments: str | Path, **options: object) -> Outcome:
        return self._run("tts", *arguments, **options)

    def voices(self, *arguments: str) -> Outcome:
        return self._run("voices", *arguments)

    def _run(self, command: str, *arguments: str | Path, **options: object) -> Outcome:
        env = BING if self._name == "bing" else AZURE
        where = ("-p", self._name, "--endpoint", self.url)
        merged = {"env": env, **options}
        return self._stt(command, *arguments, *where, **merged)

    @property
    def documents(self) -> list[str]:
        return [entry["document"].text for entry in self.journal.all("tts")]


@contextmanager
def emulator(stt: Runner, name: str, *faults: str) -> Iterator[Service]:
    config = EmulatorConfig(key=Secret(KEY), faults=FaultPlan(faults))
    app = build_bing_app(config) if name == "bing" else build_app(config)
    with running(app, config) as url:
        yield Service(stt, url, config, name)


@pytest.fixture
def bing(stt: Runner) -> Iterator[Service]:
    with emulator(stt, "bing") as service:
        yield service


@pytest.fixture
def azure(stt: Runner) -> Iterator[Service]:
    with emulator(stt, "azure") as service:
        yield service


@pytest.fixture
def scripted() -> Iterator[LoopbackServer]:
    with serving() as server:
        yield server


def bing_at(stt: Runner, server: LoopbackServer, *arguments: str | Path) -> Outcome:
    env = {"BING_SPEECH_TOKEN": "a-token-of-the-user"}
    return stt("tts", *arguments, "-p", "bing", "--endpoint", server.url, env=env)


def seconds_of(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


@pytest.mark.conformance("BS-50")
def test_the_request_is_the_documents_own(
    stt: Runner, scripted: LoopbackServer, stt_home: Path
) -> None:
    scripted.answers(Answer(200, WAV, (("Content-Type", "audio/x-wav"),)))
    for _ in range(2):
        assert bing_at(stt, scripted, "a & b").status == 0
    first, second = scripted.received
    assert (first.method, first.target) == ("POST", "/synthesize")
    assert first.header("Content-Type") == "application/ssml+xml"
    assert first.header("Authorization") == "Bearer a-token-of-the-user"
    assert first.header("X-Microsoft-OutputFormat") == "riff-16khz-16bit-mono-pcm"
    assert 0 < len(first.header("User-Agent") or "") < 255
    for name in ("X-Search-AppId", "X-Search-ClientID"):
        value = first.header(name) or ""
        assert len(value) == 32
        assert set(value) <= set("0123456789abcdef")
        assert second.header(name) == value  # kept for this installation
    assert first.header("X-ConnectionId") != second.header("X-ConnectionId")
    root = ElementTree.fromstring(first.body)
    voice = root.find(f"{NS}voice")
    assert voice is not None
    assert (voice.get("name"), voice.text) == (ZIRA, "a & b")
    assert (stt_home / "state" / "bing-client-id").exists()


@pytest.mark.conformance("BS-50", "BS-52")
def test_bing_speaks_with_a_token_got_for_the_key(
    bing: Service, tmp_path: Path
) -> None:
    target = tmp_path / "a.wav"
    done = bing.tts("1 < 2 & <b>bold</b>", "-o", target)
    assert done.status == 0, done.stderr
    assert 1 < seconds_of(target) < 5
    assert "session id: " in done.stderr
    assert "request id: " in done.stderr
    assert "1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;" in bing.documents[0]
    assert bing.journal.all("token")


@pytest.mark.conformance("BS-51")
@pytest.mark.parametrize(
    "audio_format",
    [n for n in BING_FORMATS if "siren" not in n and not n.startswith("ssml")],
)
def test_bings_formats_arrive_as_what_they_are(
    bing: Service, tmp_path: Path, audio_format: str
) -> None:
    suffix = "mp3" if "mp3" in audio_format else audio_format.partition("-")[0]
    target = tmp_path / f"a.{suffix.replace('riff', 'wav')}"
    done = bing.tts("hello there", "--audio-format", audio_format, "-o", target)
    assert done.status == 0, done.stderr
    if suffix == "raw":
        assert 0.4 < target.stat().st_size / 32_000 < 2
        return
    info = soundfile.info(target)
    assert info.samplerate == (8_000 if "8khz" in audio_format[:10] else 16_000)
    assert 0.4 < info.duration < 2
    assert info.format == ("MP3" if suffix == "mp3" else "WAV")


@pytest.mark.conformance("BS-51")
@pytest.mark.parametrize(
    ("audio_format", "kind", "body", "suffix"),
    [
        ("audio-16khz-16kbps-mono-siren", "audio/basic", b"\1\2" * 400, "siren"),
        (
            "riff-16khz-16kbps-mono-siren",
            "audio/x-wav",
            WAV[:20] + b"\x8e\x02" + WAV[22:],
            "wav",
        ),
        (
            "ssml-16khz-16bit-mono-tts",
            "application/ssml+xml",
            b"<speak>audio inside</speak>",
            "ssml",
        ),
    ],
)
def test_rare_formats_are_kept_as_they_come(
    stt: Runner,
    scripted: LoopbackServer,
    tmp_path: Path,
    audio_format: str,
    kind: str,
    body: bytes,
    suffix: str,
) -> None:
    scripted.answers(Answer(200, body, (("Content-Type", kind),)))
    target = tmp_path / f"a.{suffix}"
    arguments = ("hi", "--audio-format", audio_format, "-o", target)
    done = bing_at(
        stt,
        scripted,
        *arguments,
    )
    assert done.status == 0, done.stderr
    assert target.read_bytes() == body
    assert scripted.received[0].header("X-Microsoft-OutputFormat") == audio_format


@pytest.mark.conformance("BS-51")
@pytest.mark.parametrize(
    ("kind", "body"),
    [("text/html", b"<html>a portal</html>"), ("audio/mpeg", b"ID3"), ("", b"ID3")],
)
def test_an_answer_of_another_type_is_refused(
    stt: Runner, scripted: LoopbackServer, tmp_path: Path, kind: str, body: bytes
) -> None:
    scripted.answers(Answer(200, body, (("Content-Type", kind),) if kind else ()))
    target = tmp_path / "a.wav"
    done = bing_at(stt, scripted, "hello", "-o", target)
    assert done.status == 8
    assert "did not return riff-16khz-16bit-mono-pcm" in done.stderr
    assert not target.exists()


@pytest.mark.conformance("BS-52")
def test_an_ssml_file_goes_as_it_is(bing: Service, tmp_path: Path) -> None:
    document = (
        f'<speak version="1.0" xmlns="{NS[1:-1]}" xml:lang="en-US">'
        f'<voice name="{ZIRA}">hello <break time="100ms"/> you</voice></speak>'
    )
    file = tmp_path / "a.xml"
    file.write_text(document)
    assert bing.tts("--ssml", file).status == 0
    assert bing.documents == [document]
    refused = bing.tts("--ssml", file, "--rate", "+10%")
    assert refused.status == 2
    assert "--rate cannot be used with SSML" in refused.stderr
    file.write_text(document.replace("</voice>", ""))
    broken = bing.tts("--ssml", file)
    assert broken.status == 2
    assert "line 1, column" in broken.stderr
    assert len(bing.documents) == 1


@pytest.mark.conformance("BS-53")
def test_every_option_of_speech_becomes_its_element(bing: Service) -> None:
    done = bing.tts(
        "hello tomato", "--rate", "+30%", "--volume", "+20%", "--pitch", "high",
        "--contour", "(80%,+20%) (90%,+30%)", "--break", "hello=100ms",
        "--phoneme", "tomato=t&mei.tou",
    )  # fmt: skip
    assert done.status == 0, done.stderr
    shape = ElementTree.fromstring(bing.documents[0]).find(f"{NS}voice/{NS}prosody")
    assert shape is not None
    assert shape.attrib == {
        "rate": "+30.00%",
        "volume": "+20.00%",
        "pitch": "high",
        "contour": "(80%,+20.00%) (90%,+30.00%)",
    }
    pause, sounds = shape.find(f"{NS}break"), shape.find(f"{NS}phoneme")
    assert pause is not None
    assert sounds is not None
    assert pause.get("time") == "100ms"
    assert sounds.attrib == {"alphabet": "ipa", "ph": "t&mei.tou"}


@pytest.mark.conformance("BS-54")
def test_long_text_is_split_at_sentences_and_its_audio_joined(
    bing: Service, tmp_path: Path
) -> None:
    text = " ".join(f"This is sentence number {n} of the text." for n in range(16))
    target = tmp_path / "a.wav"
    done = bing.tts("-", "-o", target, stdin=text.encode())
    assert done.status == 0, done.stderr
    assert len(bing.documents) > 2
    assert all(len(document) <= 1024 for document in bing.documents)
    assert seconds_of(target) > 25
    spoken = " ".join(
        "".join(ElementTree.fromstring(document).itertext())
        for document in bing.documents
    )
    assert spoken == text


@pytest.mark.conformance("BS-54")
def test_a_piece_that_speaks_longer_than_thought_is_sent_in_halves(
    bing: Service, tmp_path: Path
) -> None:
    text = "9999999999 8888888888 7777777777 6666666666"
    target = tmp_path / "a.wav"
    done = bing.tts(text, "-o", target)
    assert done.status == 0, done.stderr
    assert seconds_of(target) > 15
    assert len(bing.documents) >= 2


@pytest.mark.conformance("BS-54")
def test_audio_that_fills_the_limit_is_asked_for_again_in_halves(
    stt: Runner, scripted: LoopbackServer, tmp_path: Path
) -> None:
    full = pcm_header(16_000, 480_000) + bytes(480_000)
    kind = (("Content-Type", "audio/x-wav"),)
    scripted.answers(Answer(200, full, kind), Answer(200, WAV, kind))
    target = tmp_path / "a.wav"
    done = bing_at(stt, scripted, "one two, three four", "-o", target)
    assert done.status == 0, done.stderr
    assert len(scripted.received) == 3
    assert abs(seconds_of(target) - 0.2) < 0.001


@pytest.mark.conformance("BS-54")
def test_long_ssml_is_refused_with_the_limit_before_anything_is_sent(
    bing: Service,
) -> None:
    body = "word " * 250
    document = (
        f'<speak version="1.0" xmlns="{NS[1:-1]}" xml:lang="en-US">'
        f'<voice name="{ZIRA}">{body}</voice></speak>'
    )
    done = bing.tts("--ssml", "-", stdin=document.encode())
    assert done.status == 2
    assert "1,024 characters" in done.stderr
    assert bing.documents == []


@pytest.mark.conformance("BS-55")
def test_voices_are_listed_chosen_and_succeeded(bing: Service) -> None:
    assert len(bing.voices().lines) == 78
    names = [line.split("\t")[3] for line in bing.voices("-l", "de-DE").lines]
    assert names == ["Hedda", "HeddaRUS", "Stefan, Apollo"]
    done = bing.tts("ahoj", "--voice", "Vit")
    assert "the voice Vit was retired; using Jakub instead" in done.stderr
    assert "(cs-CZ, Jakub)" in bing.documents[0]
    assert 'xml:lang="cs-CZ"' in bing.documents[0]
    assert bing.tts("hi", "-l", "en-GB", "--gender", "male").status == 0
    assert "George, Apollo" in bing.documents[1]
    unknown = bing.tts("hi", "--voice", "JesaRUS")
    assert unknown.status == 5
    assert "JessaRUS" in unknown.stderr


@pytest.mark.conformance("BS-56")
@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (Answer(400, b"", reason="XML parser error"), 2, "XML parser error"),
        (Answer(400, b"Voice name not supported"), 5, "Voice name not supported"),
        (Answer(401, b""), 4, "Unauthorized"),
        (Answer(403, b"Out of call volume quota"), 4, "quota is used up"),
        (Answer(403, b"Forbidden for you"), 4, "Forbidden for you"),
        (Answer(413, b"too much SSML"), 2, "1,024 characters of SSML"),
        (Answer(415, b""), 8, "Unsupported Media Type"),
        (Answer(404, b"no such page"), 2, "not found at"),
    ],
)
def test_refusals_become_the_right_error_in_the_services_words(
    stt: Runner, scripted: LoopbackServer, answer: Answer, status: int, said: str
) -> None:
    scripted.answers(answer)
    done = bing_at(stt, scripted, "x")
    assert done.status == status
    assert said in done.stderr
    assert "session id: " in done.stderr
    assert len(scripted.received) == 1  # none of these is worth a second try


@pytest.mark.conformance("BS-56")
@pytest.mark.parametrize("status", [502, 429])
def test_passing_faults_are_tried_again(
    stt: Runner, scripted: LoopbackServer, status: int
) -> None:
    wait = (("Retry-After", "0"),)
    kind = (("Content-Type", "audio/x-wav"),)
    scripted.answers(Answer(status, b"", wait), Answer(200, WAV, kind))
    done = bing_at(stt, scripted, "hello")
    assert done.status == 0, done.stderr
    assert len(scripted.received) == 2


@pytest.mark.conformance("BS-57")
def test_records_in_an_answer_are_taken_apart_and_verified(
    stt: Runner, scripted: LoopbackServer
) -> None:
    record = build_record(AudioRecord(1, 4, b"\1\2\3\4\5\6\7\x08"))
    scripted.answers(Answer(200, record + record))
    arguments = ("hi", "--audio-format", "raw")
    assert bing_at(stt, scripted, *arguments).stdout == b"\1\2\3\4\5\6\7\x08" * 2
    scripted.answers(Answer(200, record[:-1] + b"\xff"))
    done = bing_at(stt, scripted, *arguments)
    assert done.status == 8
    assert "another checksum" in done.stderr
    assert done.stdout == b""


@pytest.mark.conformance("AZ-10")
@pytest.mark.parametrize(
    "audio_format",
    [
        name
        for name in AZURE_FORMATS
        if not any(part in name for part in ("webm", "silk", "amr", "g722"))
    ],
)
def test_todays_formats_arrive_as_what_they_are(
    azure: Service, tmp_path: Path, audio_format: str
) -> None:
    target = tmp_path / "a.bin"
    done = azure.tts("hello there", "--audio-format", audio_format, "-o", target)
    assert done.status == 0, done.stderr
    if audio_format.startswith("raw"):
        assert target.stat().st_size > 3_000
        return
    info = soundfile.info(io.BytesIO(target.read_bytes()))
    assert 0.4 < info.duration < 2


@pytest.mark.conformance("AZ-10")
def test_azure_is_asked_at_todays_address_with_todays_headers(
    stt: Runner, scripted: LoopbackServer
) -> None:
    kind = ("Content-Type", "audio/x-wav")
    scripted.answers(Answer(200, WAV, (kind, ("X-RequestId", "a" * 32))))
    where = ("-p", "azure", "--endpoint", scripted.url, "--param", "deploymentId=7 8")
    done = stt("tts", "hello", "--voice", "en-GB-SoniaNeural", *where, env=AZURE)
    assert done.status == 0, done.stderr
    assert f"request id: {'a' * 32}" in done.stderr
    (request,) = scripted.received
    assert request.target == "/cognitiveservices/v1?deploymentId=7%208"
    assert request.header("Ocp-Apim-Subscription-Key") == KEY
    assert request.header("X-Microsoft-OutputFormat") == "riff-24khz-16bit-mono-pcm"
    assert request.header("X-Search-AppId") is None
    root = ElementTree.fromstring(request.body)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"


@pytest.mark.conformance("AZ-10")
def test_todays_voices_are_listed_and_the_first_that_fits_speaks(
    azure: Service,
) -> None:
    rows = json.loads(azure.voices("-l", "de", "--json").stdout)
    assert [row["id"] for row in rows] == ["de-DE-KatjaNeural", "de-DE-ConradNeural"]
    assert rows[0]["gender"] == "female"
    assert rows[0]["details"]["SampleRateHertz"] == "24000"
    assert azure.tts("Guten Tag", "-l", "de-DE", "--gender", "male").status == 0
    assert "de-DE-ConradNeural" in azure.documents[-1]
    assert azure.tts("hello").status == 0
    assert "en-US-JennyNeural" in azure.documents[-1]
    assert azure.tts("x", "-l", "is-IS").status == 5


@pytest.mark.conformance("AZ-10")
def test_text_beyond_ten_minutes_is_split(azure: Service, tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    text = "hello world. " * 600
    done = azure.tts("-", "-o", target, "--rate", "2", stdin=text.encode())
    assert done.status == 0, done.stderr
    assert len(azure.documents) == 1
    done = azure.tts("-", "-o", target, "--force", stdin=text.encode())
    assert done.status == 0, done.stderr
    assert len(azure.documents) == 3
    assert all("hello" in document for document in azure.documents)
    assert seconds_of(target) > 300


def test_a_dead_token_is_renewed_once(stt: Runner) -> None:
    with emulator(stt, "bing", "expire-token") as service:
        done = service.tts("hello")
        assert done.status == 0, done.stderr
        assert len(service.journal.all("token")) == 2


def test_a_wrong_key_is_told_with_the_ids(azure: Service) -> None:
    env = {**AZURE, "AZURE_SPEECH_KEY": "another-key"}
    done = azure.tts("hello", env=env)
    assert done.status == 4
    assert "rejected the credentials" in done.stderr
    assert "apim request id: " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rate", "150"), "times the normal rate"),
        (("--pitch", "50"), "no unit"),
        (("--audio-format", "flac"), "not support the audio format"),
        (("--contour", "up"), "invalid contour"),
    ],
)
def test_what_azure_lacks_is_refused_before_anything_is_sent(
    azure: Service, arguments: tuple[str, ...], said: str
) -> None:
    done = azure.tts("hello", *arguments)
    assert done.status == 2
    assert said in done.stderr
    assert azure.journal.all() == []


@pytest.mark.conformance("CO-16")
def test_a_dry_run_shows_the_request_and_no_secret(bing: Service) -> None:
    done = bing.tts("hello", "--dry-run")
    assert done.status == 0
    assert f"POST {bing.url}/synthesize" in done.text
    assert "1,024 characters" in done.text
    assert KEY not in done.text
    assert bing.journal.all() == []


@pytest.mark.parametrize("name", ["azure", "bing"])
def test_an_answer_that_breaks_off_leaves_no_file(
    stt: Runner, scripted: LoopbackServer, tmp_path: Path, name: str
) -> None:
    body = WAV[:44] + bytes(300_000)
    scripted.answers(Answer(200, body, (("Content-Type", "audio/x-wav"),), torn=9_000))
    env = AZURE if name == "azure" else {"BING_SPEECH_TOKEN": "a-token-of-the-user"}
    target = tmp_path / "a.wav"
    where = ("-p", name, "--endpoint", scripted.url)
    done = stt("tts", "hello", "-o", target, *where, env=env, sleep=lambda _: None)
    assert done.status == 8
    assert "session id: " in done.stderr
    assert list(tmp_path.glob("*a.wav*")) == []
    assert "failed" in stt("history").text


@pytest.mark.parametrize("name", ["azure", "bing"])
@pytest.mark.parametrize(
    ("fault", "status"), [("garbage", 8), ("status:503:1", 0), ("truncated", 8)]
)
def test_faults_of_the_service_are_told_or_survived(
    stt: Runner, tmp_path: Path, name: str, fault: str, status: int
) -> None:
    env = {
        **AZURE,
        "BING_SPEECH_TOKEN": "unchecked",
    }
    config = EmulatorConfig(faults=FaultPlan([fault]))
    app = build_bing_app(config) if name == "bing" else build_app(config)
    target = tmp_path / "a.wav"
    with running(app, config) as url:
        where = ("-p", name, "--endpoint", url)
        done = stt("tts", "hello", "-o", target, *where, env=env)
    assert done.status == status, done.stderr
    assert target.exists() == (status == 0)
    assert "Traceback" not in done.stderr


def test_a_secret_never_shows_whatever_is_asked_for(
    stt: Runner, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    with emulator(stt, "bing") as service:
        done = service.tts("hello", "-vv", "--log-file", log)
        tokens = [one for one in log.read_text().split() if one.startswith("eyJ")]
    assert done.status == 0
    assert not tokens
    for text in (done.stderr, log.read_text()):
        assert KEY not in text
