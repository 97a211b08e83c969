"""Imports point downwards only, and Rich and Typer stay upstairs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from stt_cli.cli.command_table import COMMANDS

HOUSE = Path(__file__).parent.parent / "stt_cli"

# What each room may import, besides itself. The top-level modules (app,
# __main__, version) are the entrance hall.
ALLOWED = {
    "core": set(),
    "net": {"core", "version"},
    "protocols": {"core"},
    "engines": {"core", "audio", "version"},
    "audio": {"core", "net"},
    "formats": {"core", "protocols"},
    "ids": {"core"},
    "ledger": {"core", "net", "version"},
    "settings": {"core", "net", "providers", "version"},
    "providers": {"core", "net", "protocols", "audio", "engines", "version"},
    "emulator": {"core", "protocols", "audio", "engines", "version"},
    "workflows": {
        "core", "net", "providers", "ids", "ledger", "formats", "audio",
        "settings", "protocols", "version",
    },
    "ui": {
        "core", "workflows", "providers", "ids", "ledger", "formats", "audio",
        "settings", "version",
    },
    "cli": {"core", "ui", "providers", "formats", "version"},
    "commands": {
        "core", "net", "cli", "workflows", "ui", "providers", "ids", "ledger",
        "formats", "audio", "settings", "emulator", "version",
    },
}  # fmt: skip
# Rich draws for people, Typer reads what they typed: who may import which.
TERMINAL_LIBRARIES = {
    "typer": {"commands", "cli", "ui"},
    "rich": {"ui"},
}


def imports_of(path: Path) -> set[str]:
    """Return the full names of all modules that a file imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def modules() -> list[Path]:
    return sorted(path for path in HOUSE.rglob("*.py") if path.parent != HOUSE)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(HOUSE)))
def test_a_module_imports_only_from_the_rooms_below_it(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0]
    theirs = {
        name.split(".")[1] for name in imports_of(path) if name.startswith("stt_cli.")
    }
    assert theirs - {room} <= ALLOWED[room]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(HOUSE)))
def test_only_the_upper_rooms_know_the_terminal_libraries(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0]
    used = {name.split(".")[0] for name in imports_of(path)} & set(TERMINAL_LIBRARIES)
    assert {name for name in used if room not in TERMINAL_LIBRARIES[name]} == set()


def test_a_command_is_a_file_and_a_file_is_a_command() -> None:
    files = {path.stem for path in (HOUSE / "commands").glob("*.py")}
    declared = {entry.module.rpartition(".")[2] for entry in COMMANDS}
    shared = {name for name in files if name.endswith("options")}
    assert files - shared - {"__init__", "values"} == declared


@pytest.mark.parametrize(
    "path", sorted((HOUSE / "protocols").rglob("*.py")), ids=lambda p: p.name
)
def test_protocols_touch_no_socket_clock_file_or_loop(path: Path) -> None:
    forbidden = {"socket", "ssl", "time", "asyncio", "threading", "httpx", "websockets"}
    assert not {name.split(".")[0] for name in imports_of(path)} & forbidden
