"""What a command says on stderr, and what it never lets a provider do there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import UnreachableError
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.secret import Secret
from stt_cli.ui.errors import print_error
from stt_cli.ui.reporter import Reporter
from tests.ui.terminal import show


def environment_of(tmp_path: Path, **more: Any) -> Environment:
    return Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        **more,
    )


def said(environment: Environment) -> str:
    assert isinstance(environment.stderr, io.StringIO)
    return environment.stderr.getvalue()


def test_every_new_id_is_said_once_and_at_once(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    reporter = Reporter(environment)
    reporter.ids(Identifiers.of(session_id="s1"))
    assert said(environment) == "session id: s1\n"
    reporter.ids(Identifiers.of(session_id="s1", transaction_id="t1"))
    reporter.ids(Identifiers.of(session_id="s2"))
    assert said(environment) == "session id: s1\ntransaction id: t1\nsession id: s2\n"


@pytest.mark.conformance("CO-12")
def test_quiet_says_nothing_at_all(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    reporter = Reporter(environment, quiet=True, verbose=2)
    reporter.ids(Identifiers.of(session_id="s1"))
    reporter.notice(Notice("a choice", "another"))
    reporter.warning("beware", "do not")
    reporter.detail("> GET /")
    with reporter.progress() as progress:
        progress.task("a.wav").update(1, 2)
    assert said(environment) == ""


def test_a_log_gets_every_line_even_when_quiet_and_no_secret(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    environment.redactor.register(Secret("canary-key-12345"))
    lines: list[str] = []
    reporter = Reporter(environment, quiet=True, log=lines.append)
    reporter.ids(Identifiers.of(session_id="s1"))
    reporter.detail("sent canary-key-12345\x1b[2J")
    assert lines == ["SessionId: s1", "debug: sent ***\\x1b[2J"]


def test_details_are_said_when_asked_for(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    reporter = Reporter(environment, verbose=1)
    reporter.detail("one", level=1)
    reporter.detail("two", level=2)
    assert said(environment) == "debug: one\n"


def test_hints_follow_what_they_belong_to(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    reporter = Reporter(environment)
    reporter.notice(Notice("rest was chosen", "--transport websocket streams"))
    reporter.warning("cut short", "run it again")
    assert said(environment) == (
        "notice: rest was chosen\nhint: --transport websocket streams\n"
        "warning: cut short\nhint: run it again\n"
    )


def test_a_stderr_that_nobody_reads_stops_nothing(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    environment.stderr.close()
    Reporter(environment).warning("nobody hears this")


@pytest.mark.conformance("CO-06")
def test_control_sequences_and_markup_are_shown_and_not_obeyed() -> None:
    seen = show(
        r"""
reporter.ids(Identifiers.of(session_id="\x1b[2J\x1b]0;title\x07[bold]s[/bold]\u202e"))
reporter.notice(Notice("\x9b31mred :smile:"))
"""
    )
    assert seen.rows[:2] == [
        r"session id: \x1b[2J\x1b]0;title\x07[bold]s[/bold]\u202e",
        r"notice: \x9b31mred :smile:",
    ]
    assert "\x1b]" not in seen.raw
    assert "\x9b" not in seen.raw


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_color_is_left_out_where_it_is_not_wanted(variables: dict[str, str]) -> None:
    seen = show("reporter.warning('beware')", env=variables)
    assert seen.raw == "warning: beware\r\n"


def test_on_a_terminal_the_ids_of_an_input_share_a_dim_line() -> None:
    seen = show(
        """
reporter.ids(Identifiers.of(session_id="s1"))
reporter.ids(Identifiers.of(session_id="s1", request_id="r1"))
reporter.ids(Identifiers.of(transaction_id="t1"))
reporter.notice(Notice("a word between"))
reporter.ids(Identifiers.of(job_id="j1"))
"""
    )
    assert seen.rows[:3] == [
        "session id: s1 · request id: r1 · transaction id: t1",
        "notice: a word between",
        "job id: j1",
    ]
    assert "\x1b[2msession id: s1\x1b[0m" in seen.raw  # at once, then drawn over


def test_a_line_of_ids_that_folds_is_replaced_whole() -> None:
    seen = show(
        """
reporter.ids(Identifiers.of(session_id="s" * 60))
reporter.ids(Identifiers.of(request_id="r" * 60))
reporter.ids(Identifiers.of(job_id="j1"))
""",
        columns=40,
    )
    # An ID that is wider than the terminal is folded by it, and can be copied.
    assert "".join(row.ljust(40) for row in seen.rows).split() == [
        *("session", "id:", "s" * 60, "·"),
        *("request", "id:", "r" * 60, "·"),
        *("job", "id:", "j1"),
    ]


def test_ids_of_several_inputs_have_a_line_each() -> None:
    seen = show(
        """
reporter.ids(Identifiers.of(session_id="s1"), "a.wav")
reporter.ids(Identifiers.of(session_id="s2"), "b.wav")
"""
    )
    assert seen.rows[:2] == ["session id: s1 (a.wav)", "session id: s2 (b.wav)"]


def test_a_terminal_that_draws_no_rows_is_not_drawn_over() -> None:
    seen = show(
        """
reporter.ids(Identifiers.of(session_id="s1"))
reporter.ids(Identifiers.of(request_id="r1"))
""",
        env={"TERM": "dumb"},
    )
    assert seen.raw == "session id: s1\r\nrequest id: r1\r\n"


def test_a_failure_does_not_repeat_the_ids_that_stand_there(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    Reporter(environment).ids(Identifiers.of(session_id="s1"))
    ids = Identifiers.of(session_id="s1", request_id="r1")
    print_error(UnreachableError("gone", ids=ids), environment)
    assert said(environment) == "session id: s1\nerror: gone\nrequest id: r1\n"
