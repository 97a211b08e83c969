"""Telemetry that waits for the next connection to its host, on the disk."""

from __future__ import annotations

from pathlib import Path

from stt_cli.providers.azure.reports import KeptMessage, KeptTelemetry


def kept(folder: Path, host: str, lines: list[str]) -> KeptTelemetry:
    return KeptTelemetry(folder, host, lines.append)


def test_what_is_kept_is_taken_once_and_by_its_host_alone(tmp_path: Path) -> None:
    lines: list[str] = []
    here = kept(tmp_path, "127.0.0.1:80", lines)
    messages = [KeptMessage("a" * 32, {"Metrics": []}), KeptMessage("b" * 32, {})]
    here.add(messages[:1])
    here.add(messages[1:])
    assert kept(tmp_path, "127.0.0.1:81", lines).take() == []
    assert kept(tmp_path, "127.0.0.1:80", lines).take() == messages
    assert here.take() == []
    assert list((tmp_path / "telemetry").iterdir()) == []
    assert lines == []


def test_the_file_is_the_users_own_and_its_name_stays_in_the_folder(
    tmp_path: Path,
) -> None:
    kept(tmp_path, "../Evil/Host", []).add([KeptMessage("a", {})])
    (file,) = (tmp_path / "telemetry").iterdir()
    assert file.name == ".._evil_host.json"
    assert file.stat().st_mode & 0o777 == 0o600


def test_of_too_many_the_oldest_go(tmp_path: Path) -> None:
    here = kept(tmp_path, "host", [])
    for number in range(25):
        here.add([KeptMessage(str(number), {})])
    assert [message.request_id for message in here.take()] == [
        str(number) for number in range(5, 25)
    ]


def test_a_broken_file_and_a_full_disk_cost_telemetry_only(tmp_path: Path) -> None:
    lines: list[str] = []
    (tmp_path / "telemetry").mkdir()
    (tmp_path / "telemetry" / "host.json").write_text("{torn")
    assert kept(tmp_path, "host", lines).take() == []
    assert "cannot read saved telemetry" in lines[0]
    (tmp_path / "file").touch()
    kept(tmp_path / "file", "host", lines).add([KeptMessage("a", {})])
    assert "telemetry" in lines[-1]
