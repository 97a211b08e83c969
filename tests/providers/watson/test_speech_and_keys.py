"""Synthesis, voices, and the ways to say who asks."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from pathlib import Path

import pytest
import soundfile

from stt_cli.core.environment import Directories, Environment
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.watson.service import Authorizer
from tests.emulating import KEY, emulated
from tests.loopback import Answer, Received, serving
from tests.providers.watson.conftest import Shell


@pytest.mark.conformance("WA-18")
@pytest.mark.parametrize(
    ("name", "container"), [("wav", "WAV"), ("flac", "FLAC"), ("ogg-vorbis", "OGG")]
)
def test_it_speaks_in_the_format_asked_for(
    shell: Shell, name: str, container: str
) -> None:
    with emulated("watson") as emulator:
        done = shell(
            emulator, "tts", 'say "hi" & <bye>', "--audio-format", name, "-o", "-",
            "--rate", "+10%", "--voice", "en-US_AllisonV3Voice",
        )  # fmt: skip
    assert done.status == 0, done.stderr
    info = soundfile.info(io.BytesIO(done.stdout))
    assert info.format == container
    assert info.duration > 0.5
    assert "transaction id: " in done.stderr


@pytest.mark.conformance("WA-18")
@pytest.mark.parametrize(
    "marked",
    [
        "<prosody contour='(80%,+20%) (90%,+30%)'>Good day.</prosody>",
        "<phoneme alphabet='ipa' ph='t&amp;mei.tou'>tomato</phoneme>",
    ],
)
def test_ssml_that_the_engine_here_lacks_is_spoken_by_the_emulator(
    shell: Shell, tmp_path: Path, marked: str
) -> None:
    document = tmp_path / "a.xml"
    document.write_text(f"<speak version='1.0' xml:lang='en-US'>{marked}</speak>")
    with emulated("watson") as emulator:
        done = shell(
            emulator, "tts", "--ssml", document, "--audio-format", "wav", "-o", "-"
        )
    assert done.status == 0, done.stderr
    assert soundfile.info(io.BytesIO(done.stdout)).duration > 0.3


@pytest.mark.conformance("WA-18")
def test_text_voice_and_rate_are_sent_as_the_document_has_them(
    shell: Shell, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.xml"
    letter.write_text("<speak>hi</speak>")
    shell.variables = {"TEXT_TO_SPEECH_BEARER_TOKEN": "made-up"}
    with serving() as service:
        service.play = lambda _request: Answer(200, b"sound")
        done = shell(
            service,  # type: ignore[arg-type]
            "tts", 'say "hi" & <bye>', "--audio-format", "ogg-opus", "-o", "-",
            "--rate", "+10%", "--pitch", "-5%", "--voice", "en-US_AllisonV3Voice",
            "--param", "spell_out_mode=singles",
        )  # fmt: skip
        other = shell(
            service,  # type: ignore[arg-type]
            "tts", "--ssml", letter, "-o", "-",
        )  # fmt: skip
    assert done.status == other.status == 0, done.stderr + other.stderr
    plain, marked = service.received
    assert done.stdout == b"sound"
    path, _, query = plain.target.partition("?")
    assert (plain.method, path) == ("POST", "/v1/synthesize")
    assert set(query.split("&")) == {
        "voice=en-US_AllisonV3Voice",
        "rate_percentage=10",
        "pitch_percentage=-5",
        "spell_out_mode=singles",
    }
    assert plain.header("Accept") == "audio/ogg;codecs=opus"
    assert json.loads(plain.body) == {"text": "say &quot;hi&quot; &amp; &lt;bye&gt;"}
    assert json.loads(marked.body) == {"text": "<speak>hi</speak>"}


@pytest.mark.conformance("WA-18")
def test_voices_are_listed_by_language_and_gender(shell: Shell) -> None:
    with emulated("watson") as emulator:
        done = shell(emulator, "voices", "-l", "de", "--gender", "male", "--json")
        unknown = shell(emulator, "tts", "hi", "--voice", "nobody", "-o", "-")
    assert [voice["id"] for voice in json.loads(done.text)] == ["de-DE_DieterV3Voice"]
    assert unknown.status == 5


@pytest.mark.parametrize(
    "arguments",
    [("--volume", "5"), ("--audio-format", "aiff"), ("-l", "xx"), ("--rate", "fast")],
)
def test_what_it_cannot_speak_is_refused_before_anything_is_sent(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    with emulated("watson") as emulator:
        done = shell(emulator, "tts", "hi", "-o", "-", *arguments)
        assert not [line for line in emulator.log if "synthesize" in line]
    assert done.status in (2, 5)
    assert "hint: " in done.stderr


@pytest.mark.conformance("WA-17")
@pytest.mark.parametrize(
    ("variables", "sent"),
    [
        ({"SPEECH_TO_TEXT_APIKEY": KEY}, "Bearer a.b.c"),
        (
            {"SPEECH_TO_TEXT_BEARER_TOKEN": KEY, "SPEECH_TO_TEXT_APIKEY": ""},
            f"Bearer {KEY}",
        ),
        (
            {
                "SPEECH_TO_TEXT_USERNAME": "user",
                "SPEECH_TO_TEXT_PASSWORD": KEY,
                "SPEECH_TO_TEXT_APIKEY": "",
            },
            f"Basic {b64encode(f'user:{KEY}'.encode()).decode()}",
        ),
    ],
)
def test_a_key_a_token_and_a_password_are_taken(
    shell: Shell, wav: Path, variables: dict[str, str], sent: str
) -> None:
    shell.variables = variables
    with emulated("watson") as emulator:
        done = shell(emulator, "recognize", wav, "--transport", "rest", "-vv")
    assert (done.status, done.lines) == (0, ["hello world"])
    with serving() as service:
        service.play = lambda _request: Answer(
            200, b'{"access_token": "a.b.c", "expires_in": 3600, "results": []}'
        )
        seen = shell(service, "recognize", wav, "-vv")  # type: ignore[arg-type]
        targets = [request.target for request in service.received]
    assert service.received[-1].header("Authorization") == sent
    assert ("/identity/token" in targets) == (sent == "Bearer a.b.c")
    for shown in (done.stderr, seen.stderr):
        assert KEY not in shown
        assert sent.partition(" ")[2] not in shown


@pytest.mark.conformance("WA-17")
def test_the_address_may_have_a_path_and_come_from_ibms_variable(
    shell: Shell, wav: Path
) -> None:
    with serving() as service:

        def play(request: Received) -> Answer:
            if request.target == "/identity/token":
                return Answer(200, b'{"access_token": "a.b.c", "expires_in": 3600}')
            result = {"alternatives": [{"transcript": "hello "}], "final": True}
            return Answer(200, b"   " + json.dumps({"results": [result]}).encode())

        service.play = play
        shell.variables = {
            "SPEECH_TO_TEXT_URL": f"{service.url}/instances/abc/",
            "SPEECH_TO_TEXT_AUTH_URL": service.url,
            "STT_WATSON_ENDPOINT": "",
        }
        done = shell(
            service,  # type: ignore[arg-type]
            "recognize", wav, "--transport", "rest",
        )  # fmt: skip
    assert done.lines == ["hello"]
    assert service.received[-1].target.startswith("/instances/abc/v1/recognize?")
    assert service.received[-1].header("Authorization") == "Bearer a.b.c"


@pytest.mark.conformance("WA-17")
def test_a_token_is_renewed_at_four_fifths_of_its_life() -> None:
    clock = [0.0]
    with serving() as iam:
        tokens = iter(range(10))
        iam.play = lambda _request: Answer(
            200, json.dumps({"access_token": f"t.{next(tokens)}.x",
                             "expires_in": 3600}).encode()
        )  # fmt: skip
        environment = Environment(
            variables={},
            directories=Directories(Path("unused")),
            stdin=None,
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            monotonic=lambda: clock[0],
        )
        context = ProviderContext(
            environment, {"iam_url": iam.url}, {"apikey": Secret("made-up-key")}
        )
        sender = HttpClient(context)
        authorizer = Authorizer(context, sender)

        def at(seconds: float) -> str:
            clock[0] = seconds
            return authorizer.credentials()[0][1].reveal()

        assert at(0) == at(2_879) == "Bearer t.0.x"
        assert at(2_881) == "Bearer t.1.x"
        assert authorizer.renew()
        assert at(2_882) == "Bearer t.2.x"
        sender.close()
    body = iam.received[0].body.decode()
    assert body == (
        "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey"
        "&apikey=made-up-key&response_type=cloud_iam"
    )


def test_a_token_that_dies_between_two_files_is_renewed_once(
    shell: Shell, wav: Path, other_wav: Path
) -> None:
    with emulated("watson", "expire-token") as emulator:
        done = shell(emulator, "recognize", wav, other_wav, "--transport", "rest")
        assert len(emulator.all("token")) == 2
    assert done.status == 0


def test_without_any_key_the_hint_names_the_variable(stt, wav: Path) -> None:  # type: ignore[no-untyped-def]
    done = stt("recognize", wav, "-p", "watson")
    assert done.status == 4
    assert "SPEECH_TO_TEXT_APIKEY" in done.stderr


def test_a_200_that_carries_an_error_is_a_failure(shell: Shell, wav: Path) -> None:
    with serving() as service:
        told = {"error": "Session timed out.", "code": 408}
        token = {"access_token": "a.b.c", "expires_in": 3600}

        def play(request: Received) -> Answer:
            is_token = request.target == "/identity/token"
            return Answer(200, b"  " + json.dumps(token if is_token else told).encode())

        service.play = play
        done = shell(
            service,  # type: ignore[arg-type]
            "recognize", wav, "--transport", "rest",
        )  # fmt: skip
    assert done.status == 8
    assert "Session timed out" in done.stderr
