"""The time limit ends a blocked read, and is gone when the work is done."""

from __future__ import annotations

import os
import signal
import time

import pytest

from stt_cli.core.exit_status import ExitStatus
from stt_cli.workflows.deadline import DeadlinePassed, deadline


def test_a_blocked_read_is_interrupted() -> None:
    reader, writer = os.pipe()
    try:
        with pytest.raises(DeadlinePassed) as caught, deadline(0.05):
            os.read(reader, 1)
    finally:
        os.close(reader)
        os.close(writer)
    assert caught.value.exit_status is ExitStatus.OUT_OF_TIME
    assert "0.05 s" in caught.value.message


def test_after_the_work_the_alarm_is_off_and_the_old_handler_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with deadline(60):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before


def test_no_limit_means_no_alarm() -> None:
    with deadline(None):
        assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_zero_seconds_end_at_once() -> None:
    with pytest.raises(DeadlinePassed), deadline(0):
        time.sleep(5)


def test_without_interval_timers_a_thread_rings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(signal, "setitimer")
    with pytest.raises(DeadlinePassed), deadline(0.05):
        _nap_often()


def _nap_often() -> None:
    for _ in range(1_000):
        time.sleep(0.01)
