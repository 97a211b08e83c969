"""README, CHANGELOG and code say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stt_cli.cli.command_table import COMMANDS
from stt_cli.core import errors
from stt_cli.core.errors import SttError
from stt_cli.core.exit_status import ExitStatus

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_exit_code_table_has_every_code_of_the_program() -> None:
    table = README.partition("<!-- exit codes -->")[2].partition("\n\n")[0]
    codes = [int(code) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.M)
             for code in row.split(",")]  # fmt: skip
    assert codes == [int(status) for status in ExitStatus]


def test_the_tree_of_errors_lists_every_class_with_its_exit_code() -> None:
    tree = dict(re.findall(r"[├└]── (\w+) +([\d/]+) ", errors.__doc__ or ""))
    classes = {
        kind.__name__: str(int(kind.exit_status))
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, SttError)
        and kind is not SttError
    }
    classes["InterruptedRun"] = "129/130/143"
    assert tree == classes


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"`?stt ([a-z][a-z-]+)", README)))
)
def test_every_command_the_readme_names_exists(command: str) -> None:
    assert command in {entry.name for entry in COMMANDS}


@pytest.mark.parametrize(
    "name", [entry.name for entry in COMMANDS if not entry.name.startswith("_")]
)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"stt {name}" in README
