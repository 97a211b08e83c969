"""How many requests are under way at once, apart from how many are got ready."""

from __future__ import annotations

from threading import Semaphore


class Slot:
    """One of a few places; taken and given back by one thread, in any order."""

    def __init__(self, slots: Semaphore) -> None:
        self._slots = slots
        self._is_taken = False

    def take(self) -> None:
        """Wait for a place, unless there is one already."""
        if not self._is_taken:
            self._slots.acquire()
            self._is_taken = True

    def give_back(self) -> None:
        """Leave the place to another, if there is one."""
        if self._is_taken:
            self._is_taken = False
            self._slots.release()
