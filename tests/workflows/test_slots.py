"""No more requests at once than there are slots, whoever else is got ready."""

from __future__ import annotations

import threading
from threading import Semaphore

from stt_cli.workflows.slots import Slot


def test_so_many_are_under_way_and_no_more() -> None:
    slots = Semaphore(3)
    lock = threading.Lock()
    under_way, most = 0, 0

    def work() -> None:
        nonlocal under_way, most
        for _ in range(20):
            slot = Slot(slots)
            slot.take()
            slot.take()
            with lock:
                under_way += 1
                most = max(most, under_way)
            threading.Event().wait(0.0005)
            with lock:
                under_way -= 1
            slot.give_back()
            slot.give_back()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3
    for _ in range(3):
        assert slots.acquire(blocking=False)
    assert not slots.acquire(blocking=False)
