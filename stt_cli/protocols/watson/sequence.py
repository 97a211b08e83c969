"""Which recognition an ``observe_result`` belongs to: the table of sequence IDs.

From IBM's HTTP interface (2018), "Sequence IDs". With an ID on both, one may ask
before, during or after the recognition and always gets all of it; an ID that
does not match the task under way, or the next one, is a 404.

| ID asked for | a task runs | outcome |
| --- | --- | --- |
| yes | same ID | that task's results (1.A.1) |
| yes | another ID or none | 404 at once (1.A.2) |
| yes | none; the previous had it | the previous results at once (1.B.1) |
| yes | none; the next has it | the next task's results (1.B.2) |
| yes | none; the next has another | 404 when the next one comes (1.B.2) |
| no | any | that task's results (2.A) |
| no | none | the next task's results (2.B) |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Task:
    """One recognition of a session; ``number`` counts them from 1."""

    number: int
    sequence_id: int | None


class Verdict(Enum):
    """What becomes of an observation for now."""

    WAIT = "wait"
    MISMATCH = "mismatch"


@dataclass(slots=True)
class TaskSequence:
    """A session's tasks, as the server sees them: one at a time."""

    current: Task | None = None
    previous: Task | None = None
    _count: int = 0

    def begin(self, sequence_id: int | None) -> Task:
        """A recognition starts.

        Raises:
            ValueError: another one runs; the service answers 503.
        """
        if self.current is not None:
            raise ValueError("a session does one recognition at a time")
        self._count += 1
        self.current = Task(self._count, sequence_id)
        return self.current

    def end(self) -> None:
        """The recognition under way is over."""
        if self.current is not None:
            self.previous, self.current = self.current, None

    def observe(self, sequence_id: int | None) -> Observation:
        """Somebody asks for results, now."""
        return Observation(self, sequence_id, self._count, self._at_once(sequence_id))

    def _at_once(self, sequence_id: int | None) -> Task | Verdict:
        if self.current is not None:
            return _matched(self.current, sequence_id)
        if (
            sequence_id is not None
            and self.previous is not None
            and self.previous.sequence_id == sequence_id
        ):
            return self.previous
        return Verdict.WAIT


@dataclass(slots=True)
class Observation:
    """One request for results, which may have to wait for its task.

    ``outcome`` is the task whose results it gets, or what keeps it from that.
    """

    _desk: TaskSequence
    sequence_id: int | None
    _seen: int
    outcome: Task | Verdict

    def check_again(self) -> Task | Verdict:
        """Decide anew after a task has begun; a decision once made stays."""
        task = self._desk.current or self._desk.previous
        waits = self.outcome is Verdict.WAIT
        if waits and task is not None and task.number > self._seen:
            self.outcome = _matched(task, self.sequence_id)
        return self.outcome


def _matched(task: Task, sequence_id: int | None) -> Task | Verdict:
    if sequence_id is None or task.sequence_id == sequence_id:
        return task
    return Verdict.MISMATCH
