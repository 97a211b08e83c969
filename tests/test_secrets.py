"""No secret leaves by any way but the request: canaries in, nothing out.

Every provider of the registry gets a canary in each of its secret settings, by
environment, keyring and config file in turn. A server that throws back what it
was sent makes every command fail in the most talkative manner.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from stt_cli.core.secret import Secret
from stt_cli.providers.registry import provider_specs
from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec
from stt_cli.settings.keyring_store import KeyringStore
from tests.commands.conftest import parrot, parrot_folder, silent_wav
from tests.conftest import Outcome, Runner
from tests.keyring_backend import FileKeyring
from tests.loopback import Answer, LoopbackServer, Received, serving
from tests.postgres_server import PostgresServer

CANARY = "canary5d41402abc4b"
WITH_SECRETS = [
    spec for spec in provider_specs() if any(s.secret for s in spec.settings)
]
__all__ = ["parrot", "parrot_folder"]
every_provider = pytest.mark.parametrize("spec", WITH_SECRETS, ids=lambda s: s.name)
pytestmark = pytest.mark.conformance("CO-05")


def canary(setting: SettingSpec) -> str:
    """Return a setting's canary; a reserved character shows URL encodings."""
    return f"{CANARY}-{setting.name}/+="


def ways_in(spec: ProviderSpec) -> Iterator[tuple[SettingSpec, ...]]:
    """Yield the settings of each way to be ready."""
    settings = {setting.name: setting for setting in spec.settings}
    for need in spec.needs or (tuple(settings),):
        yield tuple(settings[name] for name in need)


def echo(request: Received) -> Answer:
    """Refuse, and tell everything that was sent."""
    told = {"error": request.target, "headers": dict(request.headers)}
    words = json.dumps(told)
    return Answer(401, words.encode(), (("X-RequestId", words[:200]),))


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with serving() as running:
        running.play = echo
        yield running


def carries_the_canary(request: Received) -> bool:
    """Whether a request had a credential: as it is, in Basic, or in its body."""
    parts = [request.target, *(value for _, value in request.headers)]
    for value in list(parts):
        if value.startswith("Basic "):
            with suppress(ValueError):
                parts.append(b64decode(value[6:]).decode())
    return any(CANARY in part for part in parts) or CANARY.encode() in request.body


def commands(spec: ProviderSpec, wav: Path, url: str) -> Iterator[list[str]]:
    """Yield command lines that talk to the service, and some that only look."""
    service = ["-p", spec.name, "--endpoint", url]
    for transport in spec.transports or ("auto",):
        chosen = ["--transport", transport, *service]
        yield ["recognize", str(wav), *chosen, "-vv", "--log-file", "run.log"]
        yield ["recognize", str(wav), *chosen, "--json"]
    if spec.can(Capability.BATCH):
        yield ["batch", "submit", str(wav), *service]
        yield ["batch", "list", *service]
        yield ["status", "9f4ffa5113a846eba289aa98b28e766f", *service]
    if spec.can(Capability.SYNTHESIZE):
        yield ["tts", "hello", "-o", "hello.wav", *service]
    if spec.can(Capability.VOICES):
        yield ["voices", *service]
    if spec.can(Capability.MODELS):
        yield ["models", *service]
    yield ["doctor", *service]
    yield ["doctor", *service, "--json", "--verbose", "--log-file", "doctor.log"]
    yield ["recognize", str(wav), "-p", spec.name, "--endpoint", "http://192.0.2.1"]
    yield ["config", "list", "--all"]
    yield ["config", "list", "--json"]
    yield ["auth", "status", "--json"]
    yield ["providers", "--json"]
    yield ["history", "--json"]
    yield ["support", "--json"]
    yield ["support", "--log", "run.log", "--bundle", "case.zip", "--force"]


def assert_no_canary(done: Outcome, command: list[str]) -> None:
    told = done.stdout.decode(errors="replace") + done.stderr
    assert CANARY not in told, command


def files_with_canary(folder: Path) -> set[str]:
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    }


@pytest.fixture
def wav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "a.wav"
    path.write_bytes(silent_wav(0.5))
    monkeypatch.chdir(tmp_path)
    return path


Give = Callable[[ProviderSpec, tuple[SettingSpec, ...]], None]
Choose = Callable[[Iterator[list[str]]], list[list[str]]]
WAYS = ("environment", "keyring", "config file")


def plain(setting: SettingSpec) -> str:
    return canary(setting) if setting.secret else "westeurope"


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chosen(way: str) -> Choose:
    """All commands for one way in; the others differ in where a key is read."""

    def choose(lines: Iterator[list[str]]) -> list[list[str]]:
        found = list(lines)
        return found if way == WAYS[0] else [*found[:2], *found[-8:]]

    return choose


@pytest.fixture
def give(
    way: str,
    file_keyring: FileKeyring,
    stt_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Give:
    """Give settings by one of the three ways; those that are no secret by the file."""
    folder = stt_home / "config"

    def write(spec: ProviderSpec, settings: list[SettingSpec]) -> None:
        lines = [f"{s.name} = {json.dumps(plain(s))}" for s in settings]
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join([f"[{spec.name}]", *lines])
        (folder / "config.toml").write_text(text)

    def by(spec: ProviderSpec, settings: tuple[SettingSpec, ...]) -> None:
        write(spec, [s for s in settings if not s.secret])
        secrets = [s for s in settings if s.secret]
        if way == "environment":
            for setting in secrets:
                monkeypatch.setenv(setting.variables[0], canary(setting))
        elif way == "keyring":
            store = KeyringStore(folder)
            for setting in secrets:
                store.put(store.entry(spec.name, setting.name), Secret(plain(setting)))
        else:
            write(spec, list(settings))

    return by


@every_provider
def test_no_canary_gets_out(
    spec: ProviderSpec,
    give: Give,
    chosen: Choose,
    stt: Runner,
    server: LoopbackServer,
    wav: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A second of the self-test for each `doctor` shows nothing of the services.
    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda local, environment: next(local.checks()),
    )
    for settings in ways_in(spec):
        give(spec, settings)
        for command in chosen(commands(spec, wav, server.url)):
            done = stt(*command, sleep=lambda _seconds: None)
            assert_no_canary(done, command)
    kept = {"keyring-of-the-test.json", "config.toml"}
    assert files_with_canary(tmp_path) <= kept
    assert "run.log" in {path.name for path in tmp_path.rglob("*")}
    # Otherwise nothing was put to the test.
    assert any(map(carries_the_canary, server.received))


@every_provider
def test_no_canary_stands_in_the_process_list(
    spec: ProviderSpec, server: LoopbackServer, wav: Path, stt_home: Path
) -> None:
    seen: list[bytes] = []

    def watch(request: Received) -> Answer:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                seen.append(path.read_bytes())
        return echo(request)

    server.play = watch
    settings = next(ways_in(spec))
    env = {s.variables[0]: plain(s) for s in settings}
    done = subprocess.run(
        [sys.executable, "-m", "stt_cli", *next(commands(spec, wav, server.url))],
        env={**os.environ, **env},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert any(b"stt_cli" in line for line in seen), done.stderr.decode()
    assert not [line for line in seen if CANARY.encode() in line]
    assert CANARY.encode() not in done.stdout + done.stderr


def test_a_key_that_is_stored_stands_in_no_process_list(
    file_keyring: FileKeyring, stt_home: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "auth", "set", "azure"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(CANARY.encode())
    process.stdin.flush()
    line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert CANARY.encode() not in line + out + err


@pytest.mark.usefixtures("parrot")
def test_a_traceback_of_a_bug_shows_no_canary(
    stt: Runner, wav: Path, tmp_path: Path
) -> None:
    done = stt(
        *["recognize", wav, "-p", "parrot", "--param", "crash=1", "-vv"],
        *["--log-file", "run.log"],
        env={"PARROT_KEY": CANARY},
    )
    assert done.status == 1
    assert "Traceback" in done.stderr
    assert_no_canary(done, ["crash"])
    assert files_with_canary(tmp_path) == set()


def test_a_secret_in_an_address_of_the_users_is_masked_in_the_ledger(
    stt: Runner, server: LoopbackServer, tmp_path: Path
) -> None:
    url = f"{server.url}/a.wav?sig={CANARY}&token={CANARY}"
    done = stt("recognize", url, "-v", sleep=lambda _seconds: None)
    assert done.status != 0
    assert CANARY not in done.stderr
    assert CANARY not in stt("history", "--json").text
    assert files_with_canary(tmp_path) == set()


PASSWORD = f"{CANARY}-ledger/@:="


def with_the_ledger(wav: Path) -> Iterator[list[str]]:
    """Yield command lines that use the ledger, and some that only look."""
    yield ["recognize", str(wav), "-p", "parrot", "-vv", "--log-file", "run.log"]
    yield ["recognize", str(wav), "-p", "parrot", "--json"]
    yield ["recognize", str(wav), "-p", "parrot", "--param", "crash=1", "-vv"]
    yield ["history", "--json"]
    yield ["session-id", "--last"]
    yield ["poll", "--all"]
    yield ["batch", "resume"]
    yield ["support", "--bundle", "case.zip", "--force"]
    yield ["doctor", "--json", "--verbose", "--log-file", "doctor.log"]
    yield ["config", "list", "--all"]
    yield ["config", "list", "--json"]
    yield ["config", "get", "ledger"]
    yield ["config", "set", "ledger", f"postgresql:/stt:{PASSWORD}@h/db"]
    yield ["providers", "--json"]


@pytest.mark.usefixtures("parrot")
@pytest.mark.parametrize(
    ("trouble", "by"),
    [
        ("none", "environment"),
        ("none", "config file"),
        ("wrong password", "environment"),
        ("no server", "config file"),
        ("mistake", "environment"),
    ],
)
def test_no_canary_of_a_shared_ledger_gets_out(
    by: str,
    trouble: str,
    stt: Runner,
    postgres: PostgresServer,
    wav: Path,
    tmp_path: Path,
    stt_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda local, environment: next(local.checks()),
    )
    schema = postgres.new_schema()
    user = postgres.new_user(PASSWORD, [f"ALL ON SCHEMA {schema}"])
    address = postgres.address(
        user=user if trouble == "none" else "nobody",
        password=PASSWORD,
        schema=schema,
        port=1 if trouble == "no server" else None,
    )
    if trouble == "mistake":
        address = address.replace("%2F", "/")
    if by == "environment":
        monkeypatch.setenv("STT_LEDGER", address)
    else:
        folder = stt_home / "config"
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text(f"ledger = {json.dumps(address)}\n")
    for command in with_the_ledger(wav):
        assert_no_canary(stt(*command, sleep=lambda _seconds: None), command)
    assert files_with_canary(tmp_path) <= {"config.toml"}
    if trouble == "none":
        found = postgres.execute(
            "SELECT * FROM operations", postgres.address(schema=schema)
        )
        assert len(found) == 3
        assert CANARY not in repr(found)


def test_a_shared_ledgers_password_stands_in_no_process_list(
    postgres: PostgresServer, server: LoopbackServer, wav: Path
) -> None:
    seen: list[bytes] = []

    def watch(request: Received) -> Answer:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                seen.append(path.read_bytes())
        return echo(request)

    server.play = watch
    schema = postgres.new_schema()
    user = postgres.new_user(PASSWORD, [f"ALL ON SCHEMA {schema}"])
    address = postgres.address(user=user, password=PASSWORD, schema=schema)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "stt_cli", "recognize", str(wav), "-p", "azure"),
            *("--endpoint", server.url),
        ],
        env={**os.environ, "STT_LEDGER": address, "AZURE_SPEECH_KEY": "x" * 32},
        capture_output=True,
        timeout=120,
        check=False,
    )
    # The server's process for this connection is among them, with its title.
    assert any(user.encode() in line for line in seen), done.stderr.decode()
    assert not [line for line in seen if CANARY.encode() in line]
    assert CANARY.encode() not in done.stdout + done.stderr
