"""No part of an address that gives access gets out, whatever its server calls it.

Every shape goes through the commands that take an address, and then through those
that look back; services repeat what they were sent. The service itself still gets
the whole address.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Outcome, Runner
from tests.emulating import Emulated, emulated
from tests.loopback import Answer, LoopbackServer, Received, serving

pytestmark = pytest.mark.conformance("CO-05")

S = "canary5d41402abc4b"
HOST = "recordings.example/monday.wav"

SHAPES = {
    "user and password": f"https://me:{S}@{HOST}",
    "a user name alone": f"https://{S}@{HOST}",
    "S3": f"https://{HOST}?X-Amz-Credential={S}%2Fx&X-Amz-Signature={S}",
    "Google": f"https://{HOST}?X-Goog-Algorithm=GOOG4&X-Goog-Signature={S}",
    "OSS and S3 version 2": f"https://{HOST}?OSSAccessKeyId={S}&Signature={S}",
    "CloudFront": f"https://{HOST}?Policy={S}&Signature={S}&Key-Pair-Id={S}",
    "Azure": f"https://{HOST}?sv=2024-11-04&sp=r&sig={S}%3D",
    "a name of its own": f"https://{HOST}?x={S}&the_code={S}",
    "no name at all": f"https://{HOST}?{S}",
    "a fragment": f"https://{HOST}#{S}",
}
MISTYPED = {
    "a connection string": f"BlobEndpoint=https://x/;SharedAccessSignature=sv=1&sig={S}",
    "an account's key": f"AccountName=calls;AccountKey={S}==;EndpointSuffix=x",
    "a password with a slash": f"https://me:{S}/9@{HOST}",
    "one slash": f"https:/{HOST}?sig={S}",
    "no scheme": f"{HOST}?X-Amz-Signature={S}",
    "another scheme": f"htps://me:{S}@{HOST}",
}
HOOK_IN_PATH = f"https://hooks.example/services/T01/{S}"
HOOK = f"https://me:{S}@hook.example/done?token={S}&x={S}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SONIOX_API_KEY", "made-up-key-0001")
    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda local, environment: next(local.checks()),
    )
    return tmp_path


@pytest.fixture
def soniox(folder: Path) -> Iterator[Emulated]:
    with emulated("soniox", key=None) as service:
        yield service


def looking_back() -> Iterator[list[str]]:
    """Yield the commands that show what happened."""
    yield ["history"]
    yield ["history", "--json"]
    yield ["status"]
    yield ["status", "--json"]
    yield ["session-id"]
    yield ["session-id", "--last", "--json", "--kind", "all"]
    yield ["batch", "resume"]
    yield ["support"]
    yield ["support", "--json"]
    yield ["support", "--log", "run.log", "--bundle", "case.zip", "--force"]
    yield ["session-id", "run.log", "--json", "--kind", "all"]
    yield ["doctor", "--json"]


def assert_nothing_shown(done: Outcome, command: list[str]) -> None:
    assert S not in done.stdout.decode(errors="replace") + done.stderr, command


def assert_nothing_kept(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            assert S.encode() not in path.read_bytes(), path
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as bundle:
                for name in bundle.namelist():
                    assert S.encode() not in bundle.read(name), name


def run_all(stt: Runner, folder: Path, *commands: list[str]) -> None:
    for command in (*commands, *looking_back()):
        done = stt(*command, sleep=lambda _seconds: None)
        assert_nothing_shown(done, command)
    assert_nothing_kept(folder)


@pytest.mark.parametrize("address", SHAPES.values(), ids=SHAPES)
@pytest.mark.conformance("CO-19")
def test_an_address_that_is_submitted(
    stt: Runner, soniox: Emulated, folder: Path, address: str
) -> None:
    service = ["-p", "soniox", "--endpoint", soniox.url]
    submit = ["batch", "submit", address, *service, "--webhook-url", HOOK]
    run_all(
        stt,
        folder,
        [*submit, "--dry-run"],
        [*submit, "--json", "-vv", "--log-file", "run.log"],
        submit,
        ["batch", "list", *service, "--json"],
        ["batch", "list", *service],
        ["poll", "--all", "--json", "--timeout", "5"],
    )
    (created,) = soniox.all("create")
    sent = json.dumps(dict(created.facts))
    assert address in sent
    assert HOOK in sent


@pytest.mark.parametrize("address", SHAPES.values(), ids=SHAPES)
def test_an_address_whose_submission_does_not_come_through(
    stt: Runner, folder: Path, address: str
) -> None:
    away = ["-p", "soniox", "--endpoint", "http://127.0.0.1:1"]
    submit = ["batch", "submit", address, *away, "--webhook-url", HOOK]
    run_all(stt, folder, [*submit, "-vv", "--log-file", "run.log"], submit)
    # One submission, gone on with by the same command and not by `resume`.
    (row,) = json.loads(stt("history", "--json").text)
    assert row["status"] in ("interrupted", "planned")
    with emulated("soniox", key=None) as service:
        resumed = stt("batch", "resume", "--endpoint", service.url)
        assert resumed.status == 2
        assert "run the same `stt batch submit` again" in resumed.stderr


def test_a_list_whose_addresses_are_repeated_in_pieces(
    stt: Runner, folder: Path
) -> None:
    """A service says what it disliked: the user, the password, the signature."""

    def echo(request: Received) -> Answer:
        body = request.body.decode(errors="replace")
        words = " ".join(word for word in (body, request.target) if S in word)
        pieces = words.replace("&", " ").replace("=", " ").replace("/", " ")
        refusal = {"error_type": "invalid_request", "message": pieces[-900:]}
        return Answer(400, json.dumps(refusal).encode())

    listed = [f"https://{HOST}?X-Amz-Signature={S}{number}" for number in range(3)] + [
        f"https://me:{S}9@{HOST}"
    ]
    lines = [{"audio": one, "webhook_url": f"{HOOK_IN_PATH}9"} for one in listed]
    manifest = "\n".join(map(json.dumps, lines))
    (folder / "list.jsonl").write_text(manifest)
    with serving() as server:
        server.play = echo
        service = ["-p", "soniox", "--endpoint", server.url]
        for way, stdin in (
            (["--from-stdin", "--webhook-url", HOOK_IN_PATH], "\n".join(listed)),
            (["--manifest", "list.jsonl"], ""),
        ):
            for last in (["--dry-run"], ["--json", "-vv", "--log-file", "run.log"]):
                command = ["batch", "submit", *way, *service, *last]
                done = stt(*command, stdin=stdin.encode(), sleep=lambda _seconds: None)
                assert_nothing_shown(done, command)
        assert any(S.encode() in request.body for request in server.received)
    (folder / "list.jsonl").unlink()
    run_all(stt, folder)


@pytest.mark.parametrize("address", MISTYPED.values(), ids=MISTYPED)
def test_what_was_meant_as_an_address(stt: Runner, folder: Path, address: str) -> None:
    away = ["-p", "soniox", "--endpoint", "http://127.0.0.1:1"]
    run_all(
        stt,
        folder,
        ["batch", "submit", address, *away, "-vv", "--log-file", "run.log"],
        ["recognize", address, *away],
        ["recognize", address, "--json"],
        ["batch", "submit", address, *away, "--dry-run"],
    )


def test_an_address_that_is_recognized(stt: Runner, folder: Path) -> None:
    def echo(request: Received) -> Answer:
        words = json.dumps([request.target, *request.headers])
        return Answer(403, words.encode(), (("X-RequestId", words[:200]),))

    server: LoopbackServer
    with serving() as server:
        server.play = echo
        host = server.url.removeprefix("http://")
        for address in (
            f"http://me:{S}@{host}/a.wav?X-Amz-Signature={S}&x={S}#{S}",
            f"http://{S}@{host}/a.wav?{S}",
        ):
            recognize = ["recognize", address, "-p", "local"]
            run_all(
                stt,
                folder,
                [*recognize, "-vv", "--log-file", "run.log"],
                [*recognize, "--json"],
                [*recognize, "-f", "jsonl"],
                [*recognize, "--dry-run"],
                ["batch", "submit", address, "-p", "local"],
            )
        assert any(S in request.target for request in server.received)


@pytest.mark.parametrize(
    "value",
    [
        f"https://me:{S}@h/x?y={S}",
        f"https://{S}@h/x",
        f"https://me:{S}/9@h/x",
        f"https://h:{S}/x",
        f"htps//me:{S}@h/x",
        f"me:{S}@h:80",
        f"https://me:{S} 9@h/x?y={S}",
        f"https://h/x?y={S}#{S}",
    ],
)
@pytest.mark.parametrize("way", ["environment", "config file", "option", "set"])
@pytest.mark.conformance("CO-19")
def test_an_endpoint_with_a_password(
    stt: Runner,
    folder: Path,
    stt_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    way: str,
) -> None:
    service = ["-p", "soniox"]
    config = stt_home / "config" / "config.toml"
    if way == "environment":
        monkeypatch.setenv("STT_SONIOX_ENDPOINT", value)
    elif way == "config file":
        config.parent.mkdir(parents=True)
        config.write_text(f"[soniox]\nendpoint = {json.dumps(value)}\n")
    elif way == "option":
        service += ["--endpoint", value]
    else:
        done = stt("config", "set", "soniox.endpoint", value)
        assert done.status == 2
        assert_nothing_shown(done, ["set"])
    commands = [
        ["recognize", "a.wav", *service, "-vv", "--log-file", "run.log"],
        ["batch", "submit", "https://h/a.wav", *service],
        ["batch", "list", *service],
        ["doctor", *service],
        ["doctor", *service, "--json"],
        ["config", "list", "--all"],
        ["config", "list", "--json"],
        ["config", "get", "soniox.endpoint"],
        ["auth", "status"],
        ["auth", "status", "--json"],
        ["providers"],
        ["providers", "--json"],
    ]
    for command in commands:
        assert_nothing_shown(stt(*command, sleep=lambda _seconds: None), command)
    config.unlink(missing_ok=True)
    assert_nothing_kept(folder)


@pytest.mark.parametrize(
    "value",
    [
        f"postgresql://me:{S}@127.0.0.1:1/db",
        f"postgresql://127.0.0.1:1/db?password={S}&options={S}",
        f"postgresql://me:{S}/9@127.0.0.1:x/db",
        f"postgresql//me:{S}@h/db",
        f"postgresql:/me:{S}@h/db",
        f"me:{S}@h/db",
    ],
)
def test_a_ledgers_address_with_a_password(
    stt: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("STT_LEDGER", value)
    for command in (
        ["history"],
        ["status"],
        ["config", "list"],
        ["config", "list", "--json"],
        ["config", "get", "ledger"],
        ["doctor"],
        ["doctor", "--json"],
        ["support"],
        ["recognize", "a.wav", "-vv", "--log-file", "run.log"],
    ):
        assert_nothing_shown(stt(*command, sleep=lambda _seconds: None), command)
    assert_nothing_kept(folder)


def test_a_key_in_the_place_of_a_name(
    stt: Runner, folder: Path, stt_home: Path
) -> None:
    config = stt_home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[soniox]\n"{S}{S}" = "x"\n["https://me:{S}@h"]\na = "b"\n')
    for command in (
        ["config", "list"],
        ["doctor"],
        ["auth", "status"],
        ["recognize", "a.wav", "-p", "soniox"],
    ):
        assert_nothing_shown(stt(*command, sleep=lambda _seconds: None), command)
