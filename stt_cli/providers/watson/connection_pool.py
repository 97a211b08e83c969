"""What serves one recognition at a time, one for each that runs side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Reusable(Protocol):
    """A connection or a session that is kept for the next recognition."""

    def close(self) -> None:
        """Close it, or delete what it stands for at the service."""


Kept = TypeVar("Kept", bound=Reusable)


@dataclass
class ConnectionPool(Generic[Kept]):
    """As many as are used at once (``-j``), each used again when it is free."""

    make: Callable[[], Kept]
    _made: list[Kept] = field(default_factory=list)
    _free: list[Kept] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def one(self) -> Iterator[Kept]:
        """Take one for the length of the block."""
        with self._lock:
            if not self._free:
                fresh = self.make()
                self._made.append(fresh)
                self._free.append(fresh)
            taken = self._free.pop()
        try:
            yield taken
        finally:
            with self._lock:
                self._free.append(taken)

    def close(self) -> None:
        """Close all that were made."""
        with self._lock:
            made, self._made = self._made, []
            self._free.clear()
        for kept in made:
            kept.close()
