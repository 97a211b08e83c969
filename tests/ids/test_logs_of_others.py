"""What customers send: found in whatever wrote it, and nothing else with it."""

from __future__ import annotations

import pytest

from tests.ids.finding import found, usual
from tests.ids.logs_of_others import NO_IDS, SESSIONS, S


@pytest.mark.conformance("ID-15")
@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_is_found_in_the_logs_of_other_makers(name: str) -> None:
    assert usual(SESSIONS[name]) == [S]


@pytest.mark.conformance("ID-02")
@pytest.mark.parametrize("line", NO_IDS.splitlines())
def test_what_has_no_label_of_an_id_is_none(line: str) -> None:
    assert found(line) == []


def test_a_log_without_ids_stays_empty() -> None:
    assert found(NO_IDS) == []
    assert found(NO_IDS.replace("\n", "\\n")) == []
