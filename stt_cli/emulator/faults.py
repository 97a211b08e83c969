"""Faults that an emulator makes on request: ``--fault NAME[:N[:M]]``.

A fault with a number of times happens that often and then no more, so that a
client's recovery can be watched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from stt_cli.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """One kind of fault: the form of its arguments, their defaults, its meaning."""

    arguments: tuple[str, ...]
    defaults: tuple[float, ...]
    help: str

    def form(self, name: str) -> str:
        """Return how the fault is written, ``status:CODE[:TIMES]``."""
        needed = len(self.arguments) - len(self.defaults)
        required = "".join(f":{word}" for word in self.arguments[:needed])
        return name + required + "".join(f"[:{w}]" for w in self.arguments[needed:])


FAULTS: dict[str, FaultSpec] = {
    "drop-after": FaultSpec(
        ("BYTES", "TIMES"), (1,), "drop the connection after that many bytes of audio"
    ),
    "status": FaultSpec(("CODE", "TIMES"), (1,), "return this HTTP status"),
    "rate-limit": FaultSpec(("TIMES",), (1,), "return HTTP 429"),
    "close": FaultSpec(
        ("CODE", "TIMES"), (1,), "close the WebSocket with this code at the first audio"
    ),
    "slow": FaultSpec(("SECONDS",), (), "wait before every response"),
    "silent": FaultSpec((), (), "accept everything and never respond"),
    "garbage": FaultSpec(("TIMES",), (1,), "respond with garbage"),
    "truncated": FaultSpec(("TIMES",), (1,), "truncate a JSON response"),
    "no-turn-start": FaultSpec(("TIMES",), (1,), "omit the first message"),
    "no-turn-end": FaultSpec(("TIMES",), (1,), "omit the last message"),
    "no-end-detected": FaultSpec((), (), "never report the end of speech"),
    "no-hypotheses": FaultSpec((), (), "send final results only"),
    "expire-token": FaultSpec(
        ("TIMES",), (1,), "reject a valid token as if it had expired"
    ),
    "redirect": FaultSpec(("TIMES",), (1,), "redirect requests to the same server"),
    "expire-session": FaultSpec(
        ("TIMES",), (1,), "forget a session between two recognitions"
    ),
    "cut-observe": FaultSpec(("TIMES",), (1,), "truncate an observe_result response"),
    "fail-job": FaultSpec(("TIMES",), (1,), "make a job fail"),
    "new-state": FaultSpec(
        ("TIMES",), (1,), "report a job in an undocumented state (Paused)"
    ),
    "lose-answer": FaultSpec(
        ("TIMES",),
        (1,),
        "carry out a request, but drop the connection instead of responding",
    ),
    "chaos": FaultSpec(
        ("SEED", "RATE"),
        (0.3,),
        "random network faults in that share of requests, reproducible by seed: "
        "dropped connections, stalls, lost responses, HTTP 429 and 5xx",
    ),
    "older-models": FaultSpec((), (), "have no models of Soniox's version 6"),
    "storage-full": FaultSpec((), (), "always reject uploads because storage is full"),
    "idle-timeout": FaultSpec(
        ("SECONDS",), (), "end a silent stream after that time instead of the usual one"
    ),
}


NEW_STATE = "Paused"
"""What the fault ``new-state`` calls the state of a job."""


class FaultPlan:
    """The faults of one emulator, counted down as they happen."""

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, float] = {}
        self._values: dict[str, tuple[float, ...]] = {}
        for text in wanted:
            self.add(text)

    def add(self, text: str) -> None:
        """Plan one more fault, as written on the command line.

        Raises:
            UsageError: there is no such fault, or its arguments are wrong.
        """
        name, *given = text.split(":")
        spec = FAULTS.get(name)
        if spec is None:
            raise UsageError(
                f"unknown fault {name!r}",
                hint="choose from " + ", ".join(s.form(n) for n, s in FAULTS.items()),
            )
        values = _numbers(name, spec, given)
        named = dict(zip(spec.arguments, values, strict=True))
        if named.get("RATE", 0) > 1:
            raise UsageError(f"the RATE of {name} must be from 0 to 1")
        with self._lock:
            self._left[name] = named.pop("TIMES", float("inf"))
            self._values[name] = tuple(named.values()) or (1,)

    def value(self, name: str) -> float | None:
        """Return the fault's number if it is still to happen; count nothing."""
        values = self.values(name)
        return values[0] if values else None

    def values(self, name: str) -> tuple[float, ...] | None:
        """Return all its numbers if it is still to happen; count nothing."""
        with self._lock:
            return self._values[name] if self._left.get(name, 0) > 0 else None

    def take(self, name: str) -> float | None:
        """Return the fault's number if it happens now, and count it."""
        with self._lock:
            if self._left.get(name, 0) <= 0:
                return None
            self._left[name] -= 1
            return self._values[name][0]

    def job_state(self, word: str) -> str:
        """Return a job's state as it is told: ``word``, or one nobody knows."""
        return word if self.take("new-state") is None else NEW_STATE

    def take_status(self) -> int | None:
        """Return the HTTP status to answer a request with, if one is planned."""
        if self.take("rate-limit") is not None:
            return 429
        status = self.take("status")
        return None if status is None else int(status)


def _numbers(name: str, spec: FaultSpec, given: list[str]) -> list[float]:
    needed = len(spec.arguments) - len(spec.defaults)
    try:
        values = [float(text) for text in given]
    except ValueError:
        values = []
    if not needed <= len(given) <= len(spec.arguments) or len(values) != len(given):
        raise UsageError(f"the format of the fault {name} is {spec.form(name)}")
    if any(not 0 <= value < float("inf") for value in values):
        raise UsageError(f"the numbers of the fault {name} cannot be negative")
    return values + list(spec.defaults[len(values) - needed :])
