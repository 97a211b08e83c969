"""The conformance marker: which documented behaviors hold, and which do not.

``@pytest.mark.conformance("BS-35", "BS-36")`` says that a test holds those rows.
A row holds when every test that carries it passes; the session's end prints the
count and the rows that no passing test carries. ``-m conformance`` runs only
these tests.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

_TABLE = Path(__file__).with_name("conformance.toml")
_OUTCOMES: defaultdict[str, set[str]] = defaultdict(set)


def rows() -> dict[str, str]:
    """Return every row's ID and behavior."""
    with _TABLE.open("rb") as file:
        return {row["id"]: row["behavior"] for row in tomllib.load(file)["row"]}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a row that the table does not have, and note a test's rows."""
    known = rows()
    for marker in item.iter_markers("conformance"):
        for row in marker.args:
            if row not in known:
                raise pytest.UsageError(f"{item.nodeid}: no conformance row {row}")
            item.user_properties.append(("conformance", row))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take down how a test of a row ended: its call, and any phase that failed."""
    if report.when == "call" or report.failed:
        for name, row in report.user_properties:
            if name == "conformance":
                _OUTCOMES[str(row)].add(report.outcome)


def holding() -> set[str]:
    """Return the rows that hold: a test passed, none failed."""
    return {
        row
        for row, outcomes in _OUTCOMES.items()
        if "passed" in outcomes and "failed" not in outcomes
    }


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many rows hold and name those that do not."""
    if not _OUTCOMES:
        return
    known, good = rows(), holding()
    terminalreporter.section("conformance")
    terminalreporter.write_line(f"{len(good)} of {len(known)} rows hold")
    for group in dict.fromkeys(row.partition("-")[0] for row in known):
        wanting = [r for r in known if r.startswith(f"{group}-") and r not in good]
        if wanting:
            terminalreporter.write_line(f"{group} wanting: {' '.join(wanting)}")
