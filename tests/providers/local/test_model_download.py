"""Models come whole and right from a hub, or not at all; what broke off goes on."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import (
    ConfigurationError,
    NotFoundError,
    OutputError,
    ProviderError,
    UnreachableError,
)
from stt_cli.engines.whisper.catalog import known_models
from stt_cli.engines.whisper.store import ModelStore, Origin
from stt_cli.providers.local.model_download import download
from tests.audio.tones import WEATHER
from tests.conftest import Runner
from tests.loopback import RESET, Answer, Received
from tests.providers.local.hub import FILES, MODEL, Hub, hub, part_of, real_base


@pytest.fixture
def serving_hub() -> Any:
    with hub() as opened:
        yield opened


def make_environment(tmp_path: Path, hub: Hub, **variables: str) -> Environment:
    return Environment(
        variables={"HF_ENDPOINT": hub.url, "HOME": str(tmp_path), **variables},
        directories=Directories(tmp_path / "stt"),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        sleep=lambda _seconds: None,
    )


def bring(tmp_path: Path, hub: Hub, **variables: str) -> list[float]:
    """Download the model; return how far its weights were, step by step."""
    environment = make_environment(tmp_path, hub, **variables)
    store = ModelStore(environment)
    return [step.done for step in download(hub.model, store, environment)]


def held(tmp_path: Path) -> dict[str, bytes]:
    """Return the files of the model that is in place."""
    folder = tmp_path / "stt" / "data" / "models" / "base"
    if not folder.is_dir():
        return {}
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left_over(tmp_path: Path) -> list[str]:
    folder = tmp_path / "stt" / "data" / "models"
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def test_a_model_comes_whole_from_its_pinned_revision(
    serving_hub: Hub, tmp_path: Path
) -> None:
    steps = bring(tmp_path, serving_hub)
    assert held(tmp_path) == FILES
    assert steps == sorted(steps)
    assert steps[-1] == MODEL.size
    names = [name for name, _ in serving_hub.asked]
    assert names == ["config.json", "tokenizer.json", "vocabulary.txt", "model.bin"]
    assert all(
        request.target.startswith("/somebody/faster-whisper-base/resolve/0123abcd/")
        for request in serving_hub.server.received
    )
    assert left_over(tmp_path) == ["base", *sorted(FILES)]


def test_a_vocabulary_may_have_another_name(serving_hub: Hub, tmp_path: Path) -> None:
    del serving_hub.files["vocabulary.txt"]
    serving_hub.files["vocabulary.json"] = b"[]"
    bring(tmp_path, serving_hub)
    assert held(tmp_path)["vocabulary.json"] == b"[]"


def breaking(hub: Hub, *torn: int | str) -> None:
    """Let the weights break off so many bytes before their end, time after time."""
    left = list(torn)

    def instead(name: str, request: Received) -> Answer | str | None:
        if name != "model.bin" or not left:
            return None
        how = left.pop(0)
        if isinstance(how, str):
            return how
        return part_of(hub.files[name], request.header("Range"), how)

    hub.instead = instead


@pytest.mark.conformance("LO-07")
def test_what_breaks_off_goes_on_where_it_was(serving_hub: Hub, tmp_path: Path) -> None:
    breaking(serving_hub, 2_000_000, 1_000_000, RESET, 5)
    bring(tmp_path, serving_hub)
    assert held(tmp_path) == FILES
    ranges = [wanted for name, wanted in serving_hub.asked if name == "model.bin"]
    assert ranges == [
        None,
        "bytes=1000000-",
        "bytes=2000000-",
        "bytes=2000000-",
        "bytes=2999995-",
    ]


def test_a_hub_that_only_breaks_off_is_given_up_and_gone_on_with_later(
    serving_hub: Hub, tmp_path: Path
) -> None:
    breaking(serving_hub, 1_000_000, *[RESET] * 9)
    with pytest.raises(UnreachableError) as caught:
        bring(tmp_path, serving_hub)
    assert "run the same command again to resume" in str(caught.value.hint)
    assert len([name for name, _ in serving_hub.asked if name == "model.bin"]) == 6
    assert held(tmp_path) == {}
    breaking(serving_hub)
    serving_hub.asked.clear()
    steps = bring(tmp_path, serving_hub)
    assert serving_hub.asked[-1] == ("model.bin", "bytes=2000000-")
    assert steps[0] == 2_000_000
    assert held(tmp_path) == FILES


def test_a_hub_without_ranges_begins_again(serving_hub: Hub, tmp_path: Path) -> None:
    torn = [1_000_000]

    def instead(name: str, _request: Received) -> Answer | None:
        body = serving_hub.files.get(name, b"")
        return Answer(200, body, torn=torn.pop() if torn else 0) if body else None

    serving_hub.instead = lambda name, request: (
        instead(name, request) if name == "model.bin" else None
    )
    bring(tmp_path, serving_hub)
    assert held(tmp_path) == FILES


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("model.bin", FILES["model.bin"][:-1] + b"!"),
        ("model.bin", FILES["model.bin"] + b"more"),
        ("model.bin", FILES["model.bin"][:-1]),
        ("config.json", b'{"suppress_ids": [1]}'),
        ("config.json", b"no JSON"),
        ("tokenizer.json", b"{"),
    ],
)
def test_other_bytes_are_refused(
    serving_hub: Hub, tmp_path: Path, name: str, body: bytes
) -> None:
    serving_hub.files[name] = body
    with pytest.raises(
        ProviderError, match=r"unexpected SHA-256|has a different"
    ) as caught:
        bring(tmp_path, serving_hub)
    assert caught.value.exit_status == 8
    assert held(tmp_path) == {}
    serving_hub.files[name] = FILES[name]
    bring(tmp_path, serving_hub)
    assert held(tmp_path) == FILES


HTML = Answer(200, b"<html>log in</html>", (("Content-Type", "text/html"),))


@pytest.mark.parametrize("name", ["config.json", "model.bin"])
@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (HTML, ProviderError, "a web page instead of"),
        (Answer(404, b"Repository not found"), NotFoundError, "has no somebody/"),
        (Answer(401, b""), NotFoundError, "HTTP 401"),
        (Answer(418, b"", reason="teapot"), ProviderError, "returned 418 teapot"),
    ],
)
def test_what_is_no_model_is_told(
    serving_hub: Hub,
    tmp_path: Path,
    name: str,
    answer: Answer,
    error: type[Exception],
    told: str,
) -> None:
    serving_hub.instead = lambda asked, _request: answer if asked == name else None
    with pytest.raises(error, match=told):
        bring(tmp_path, serving_hub)
    assert held(tmp_path) == {}
    assert "model.bin" not in left_over(tmp_path)


def test_a_hub_that_is_away(tmp_path: Path, serving_hub: Hub) -> None:
    with pytest.raises(UnreachableError, match="refused the connection"):
        bring(tmp_path, serving_hub, HF_ENDPOINT="http://127.0.0.1:9")
    assert held(tmp_path) == {}


@pytest.mark.parametrize("value", ["1", "true", "YES", "on"])
def test_offline_means_no_request(serving_hub: Hub, tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigurationError, match="HF_HUB_OFFLINE is set"):
        bring(tmp_path, serving_hub, HF_HUB_OFFLINE=value)
    assert serving_hub.asked == []


def test_no_room_is_told_before_a_byte_of_the_weights(
    serving_hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(9, 9, 1 << 20))
    with pytest.raises(OutputError, match="not enough disk space") as caught:
        bring(tmp_path, serving_hub)
    assert caught.value.exit_status == 2
    assert "model.bin" not in [name for name, _ in serving_hub.asked]


def test_a_disk_that_fills_up_gets_its_room_back(
    serving_hub: Hub, tmp_path: Path
) -> None:
    environment = make_environment(tmp_path, serving_hub)
    steps = download(MODEL, ModelStore(environment), environment)
    next(steps)
    with pytest.raises(OutputError, match="No space left on device"):
        steps.throw(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert "model.bin" not in left_over(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root writes anywhere")
def test_a_folder_that_takes_no_files(serving_hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "stt").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        bring(tmp_path, serving_hub)


def test_two_at_once_do_not_write_into_each_other(
    serving_hub: Hub, tmp_path: Path
) -> None:
    environment = make_environment(tmp_path, serving_hub)
    first = download(MODEL, ModelStore(environment), environment)
    next(first)
    with pytest.raises(ConfigurationError, match="another process is downloading"):
        bring(tmp_path, serving_hub)
    list(first)
    assert held(tmp_path) == FILES


def test_an_interrupted_download_is_no_model(serving_hub: Hub, tmp_path: Path) -> None:
    environment = make_environment(tmp_path, serving_hub)
    store = ModelStore(environment)
    steps = download(MODEL, store, environment)
    next(steps)
    with pytest.raises(KeyboardInterrupt):
        steps.throw(KeyboardInterrupt)
    assert store.find("base") is None
    assert bring(tmp_path, serving_hub)[0] > 0
    assert held(tmp_path) == FILES


def test_the_cache_of_hugging_face_is_used_and_never_written(
    stt: Runner, tmp_path: Path
) -> None:
    known = known_models()["base"]
    place = tmp_path / "hf" / "hub" / "models--Systran--faster-whisper-base"
    folder = place / "snapshots" / known.revision
    folder.mkdir(parents=True)
    for name, body in FILES.items():
        (folder / name).write_bytes(body)
    env = {"HF_HOME": str(tmp_path / "hf")}
    listed = stt("models", "base", "-p", "local", env=env)
    assert listed.text.endswith(f"\t{Origin.CACHE}\n")
    assert stt("models", "path", "base", env=env).text == f"{folder}\n"
    removed = stt("models", "remove", "base", env=env)
    assert removed.status == 5
    assert str(folder) in removed.stderr
    # Its bytes are held against the catalog's before they are used.
    done = stt("recognize", WEATHER, "--model", "base", env=env)
    assert (done.status, "is damaged or modified" in done.stderr) == (2, True)
    away = {**env, "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = stt("models", "download", "base", env=away)
    assert (done.status, "replacing it" in done.stderr) == (8, True)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_names_that_are_unknown_or_not_installed(stt: Runner) -> None:
    misspelled = stt("models", "download", "bsae")
    assert (misspelled.status, "did you mean base?" in misspelled.stderr) == (5, True)
    assert stt("models", "verify", "base").status == 5
    assert stt("models", "path", "base").status == 5
    bundled = stt("models", "remove", "tiny.en")
    assert (bundled.status, "(bundled)" in bundled.stderr) == (5, True)


@pytest.mark.conformance("LO-07")
def test_recognition_never_downloads(stt: Runner) -> None:
    done = stt("recognize", WEATHER, "--model", "base")
    assert done.status == 2
    assert "hint: to install it, run: stt models download base" in done.stderr


BASE = real_base()


@pytest.mark.conformance("LO-07", "LO-08")
@pytest.mark.skipif(BASE is None, reason="the packages with base's parts are missing")
def test_the_real_base_is_brought_checked_used_and_removed(
    stt: Runner, tmp_path: Path
) -> None:
    assert BASE is not None
    with hub(known_models()["base"], BASE) as opened:
        breaking(opened, 100_000_000)
        env = {"HF_ENDPOINT": opened.url}
        brought = stt("models", "download", "base", env=env)
        assert brought.status == 0, brought.stderr
        assert opened.asked[-1] == ("model.bin", "bytes=45217532-")
    assert stt("models", "download", "base").stderr.startswith(
        "notice: base is already installed"
    )
    assert stt("models", "verify", "base").text.startswith("base\tok\td01c3014")
    spoken = tmp_path / "de.wav"
    german = "Guten Morgen, wie geht es Ihnen heute?"
    assert stt("tts", german, "-l", "de", "-o", spoken).status == 0
    for language in ("de", "auto"):
        heard = stt("recognize", spoken, "-l", language, "--json")
        assert heard.status == 0, heard.stderr
        assert '"text": "Guten Morgen' in heard.text
        assert '"language": "de"' in heard.text
        assert '"model": "base"' in heard.text
    assert "notice: the language is German" in heard.stderr
    weights = Path(brought.text.strip()) / "model.bin"
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"altered")
    altered = stt("recognize", spoken, "-l", "de")
    assert altered.status == 2
    assert "is damaged or modified" in altered.stderr
    assert stt("models", "verify", "base").status == 2
    with hub(known_models()["base"], BASE) as opened:
        again = stt("models", "download", "base", env={"HF_ENDPOINT": opened.url})
    assert again.status == 0, again.stderr
    assert stt("models", "verify", "base").status == 0
    assert stt("models", "remove", "base").status == 0
    assert stt("models", "path", "base").status == 5
