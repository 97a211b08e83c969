"""Every case of the document's table of sequence IDs, from the server's side."""

from __future__ import annotations

import pytest

from stt_cli.protocols.watson.sequence import Task, TaskSequence, Verdict


def test_1a1_the_same_id_as_the_running_task_gets_its_results() -> None:
    desk = TaskSequence()
    task = desk.begin(1)
    assert desk.observe(1).outcome == task


@pytest.mark.parametrize("running", [2, None])
def test_1a2_another_id_than_the_running_task_is_refused_at_once(
    running: int | None,
) -> None:
    desk = TaskSequence()
    desk.begin(running)
    assert desk.observe(1).outcome is Verdict.MISMATCH


def test_1b1_the_id_of_the_task_before_gets_its_results_at_once() -> None:
    desk = TaskSequence()
    task = desk.begin(1)
    desk.end()
    assert desk.observe(1).outcome == task


def test_1b2_an_id_waits_for_the_next_task_and_gets_it_or_a_404() -> None:
    desk = TaskSequence()
    desk.begin(1)
    desk.end()
    right, wrong = desk.observe(2), desk.observe(3)
    assert right.check_again() is wrong.check_again() is Verdict.WAIT
    task = desk.begin(2)
    assert right.check_again() == task
    assert wrong.check_again() is Verdict.MISMATCH


def test_2a_without_an_id_the_running_task_whatever_it_is() -> None:
    desk = TaskSequence()
    task = desk.begin(7)
    assert desk.observe(None).outcome == task


def test_2b_without_an_id_the_next_task_never_the_one_before() -> None:
    desk = TaskSequence()
    desk.begin(1)
    desk.end()
    asked = desk.observe(None)
    assert asked.outcome is Verdict.WAIT
    task = desk.begin(2)
    assert asked.check_again() == task


def test_a_decision_stays_when_later_tasks_come() -> None:
    desk = TaskSequence()
    asked = desk.observe(1)
    first = desk.begin(1)
    desk.end()
    assert asked.check_again() == first
    desk.begin(2)
    assert asked.check_again() == first


def test_a_task_that_came_and_went_between_two_looks_still_counts() -> None:
    desk = TaskSequence()
    asked = desk.observe(1)
    task = desk.begin(1)
    desk.end()
    assert asked.check_again() == task


def test_a_session_does_one_task_at_a_time() -> None:
    desk = TaskSequence()
    desk.begin(1)
    with pytest.raises(ValueError, match="one recognition at a time"):
        desk.begin(2)


def test_the_figure_of_the_document_moment_by_moment() -> None:
    desk = TaskSequence()
    first = desk.begin(1)  # 0.0 s
    during = {asked: desk.observe(asked).outcome for asked in (1, 2, None)}  # 0.4 s
    assert during == {1: first, 2: Verdict.MISMATCH, None: first}
    desk.end()  # 1.0 s
    assert desk.observe(1).outcome == first  # 1.1 s
    waiting = {asked: desk.observe(asked) for asked in (2, 3, None)}  # 1.3 s
    second = desk.begin(2)  # 1.7 s
    assert {asked: each.check_again() for asked, each in waiting.items()} == {
        2: second,
        3: Verdict.MISMATCH,
        None: second,
    }
    assert second == Task(2, 2)
