"""What is wrong with a manifest: collected, told at once, and never endless."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TOLD = 20
"""How many different faults are told; the others are counted."""


@dataclass(slots=True)
class Fault:
    """A fault, the first line that has it, and how many more lines do."""

    line: int
    key: str | None
    words: str
    more: int = 0

    def told(self, name: str) -> str:
        """Return ``calls.csv:3: language: …``, as compilers tell faults."""
        where = f"{name}:{self.line}:" + (f" {self.key}:" if self.key else "")
        if not self.more:
            return f"{where} {self.words}"
        lines = "line" if self.more == 1 else "lines"
        return f"{where} {self.words} (and on {self.more:,} more {lines})"


class Faults:
    """The faults of one manifest. The same fault on many lines counts as one."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], Fault] = {}
        self._untold = 0

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def is_full(self) -> bool:
        """Whether another fault would only be counted: its words can be spared."""
        return len(self._known) >= MOST_TOLD

    def add(self, line: int, key: str | None, words: str) -> None:
        """Remember a fault of a line (counted from 1) and a key."""
        known = self._known.get((key, words))
        if known is not None:
            known.more += 1
        elif self.is_full:
            self._untold += 1
        else:
            self._known[key, words] = Fault(line, key, words)

    def told(self, name: str) -> list[str]:
        """Return a line for each fault by the lines they are on, and for the rest."""
        by_line = sorted(self._known.values(), key=lambda fault: fault.line)
        lines = [fault.told(name) for fault in by_line]
        return [*lines, f"and {self._untold:,} more"] if self._untold else lines
