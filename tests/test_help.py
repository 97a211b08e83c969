"""Help: every command has one that fits, shows how it is used, and loads little."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys

import pytest
import typer
from typer.main import get_command

from stt_cli.cli.command_table import COMMANDS, CommandEntry
from tests.conftest import Runner
from tests.ui.terminal import run

HEAVY = {
    *("numpy", "soundfile", "soxr", "sounddevice", "pocketsphinx", "espeakng_loader"),
    *("httpx", "h11", "websockets", "ssl", "asyncio", "starlette", "uvicorn"),
    *("sqlite3", "keyring", "pydantic", "rich"),
}


def paths() -> list[tuple[str, ...]]:
    """Return every command and sub-command as it is typed."""
    found: list[tuple[str, ...]] = [()]
    for entry in COMMANDS:
        found.append((entry.name,))
        command = get_command(importlib.import_module(entry.module).app)
        found += [(entry.name, name) for name in getattr(command, "commands", {})]
    return found


every_command = pytest.mark.parametrize(
    "path", paths(), ids=lambda p: " ".join(p) or "stt"
)


@every_command
def test_help_fits_a_terminal_and_ends_with_examples(
    path: tuple[str, ...], stt: Runner
) -> None:
    done = stt(*path, "--help")
    assert done.status == 0
    screen = done.text
    assert max(map(len, screen.splitlines())) <= 80
    assert "install-completion" not in screen
    assert "[dim]" not in screen
    assert "Usage: " + " ".join(("stt", *path)) in screen
    _, _, typed = screen.partition("\nExamples\n")
    assert typed
    # An example that is folded cannot be copied.
    assert all(line.startswith("  $ ") for line in typed.rstrip().splitlines())


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_the_table_says_what_the_command_says_of_itself(entry: CommandEntry) -> None:
    command = get_command(importlib.import_module(entry.module).app)
    said = re.sub(r"\s+", " ", (command.help or "").split("\n\n")[0]).strip()
    assert said == entry.summary


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from stt_cli.app import run\n"
        "for path in sys.argv[1:]:\n"
        "    assert run([*path.split(), '--help']) == 0\n"
        f"heavy = sorted({HEAVY!r} & set(sys.modules))\n"
        "sys.exit(', '.join(heavy) or None)\n"
    )
    names = [" ".join(path) for path in paths()]
    done = subprocess.run(
        [sys.executable, "-c", script, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr.strip(), done.returncode) == ("", 0)


def test_a_misspelled_command_is_told_the_near_one(stt: Runner) -> None:
    outcome = stt("recognice", "a.wav")
    assert outcome.status == 2
    assert outcome.stderr == (
        "error: unknown command 'recognice'\nhint: did you mean `stt recognize`?\n"
    )
    assert stt("zzz").stderr.endswith("hint: run `stt --help` for a list of commands\n")


def test_options_of_the_same_name_mean_the_same_everywhere() -> None:
    short: dict[str, set[str]] = {}
    for path in paths()[1:]:
        command = get_command(importlib.import_module(_module_of(path[0])).app)
        for name in path[1:]:
            command = command.commands[name]  # type: ignore[attr-defined]
        for parameter in command.params:
            if isinstance(parameter, typer.core.TyperOption):
                longs = [o for o in parameter.opts if o.startswith("--")]
                for option in set(parameter.opts) - set(longs):
                    short.setdefault(option, set()).add(longs[0])
    assert {name: longs for name, longs in short.items() if len(longs) > 1} == {}


def _module_of(name: str) -> str:
    return next(entry.module for entry in COMMANDS if entry.name == name)


def test_help_is_colored_on_a_terminal_and_where_color_is_forced() -> None:
    seen = run([sys.executable, "-m", "stt_cli", "batch", "--help"])
    assert any(row.startswith("Usage: stt batch") for row in seen.rows)
    assert "\x1b[36msubmit\x1b[0m" in seen.raw
    plain = run([sys.executable, "-m", "stt_cli", "--help"], env={"NO_COLOR": "1"})
    assert "\x1b" not in plain.raw
    forced = subprocess.run(
        [sys.executable, "-m", "stt_cli", "--help"],
        env={**os.environ, "FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b[1mExamples\x1b[0m" in forced.stdout


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_help_follows_the_width_of_the_terminal_up_to_what_one_reads(
    columns: int,
    stt: Runner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = stt("history", "--help").text.splitlines()
    folded = [line for line in lines if "$" not in line and "Usage" not in line]
    assert max(map(len, folded)) <= min(max(columns, 60), 92)


def test_defaults_and_limits_are_told(stt: Runner) -> None:
    screen = " ".join(stt("recognize", "--help").text.split())
    assert "--max-lines N Maximum lines per caption. [at least 1, default: 2]" in screen
    assert "-v, --verbose Show requests" in screen
    assert "--interim / --no-interim Show partial results" in screen


def test_nothing_typed_is_answered_with_help_and_a_usage_code(
    stt: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ((), ("batch",)):
        assert stt(*path).status == 2
        assert capsys.readouterr().err.count("Usage: ") == 1
