"""``--exec``: a command of the user's gets each final phrase on its stdin.

Commands run one after the other, on a thread of their own, in the order of the
phrases: recognition never waits for them. Words that were heard are data: they are
never part of the command line, and no shell sees them.
"""

from __future__ import annotations

import json
import os
import queue
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Segment
from stt_cli.protocols.intents.luis import intent_name

LONGEST_RUN_S = 60.0
"""A command that runs longer is ended: it would hold up those behind it."""

_MOST_WAITING = 1_000
_MOST_OUTPUT = 64 << 10  # bytes of a command's output that are shown
_GRACE_S = 2.0


class PhraseCommand:
    """Runs the command; ``close`` waits for what is still to do.

    Args:
        tell: gets what a command says and whether it failed; from another thread.

    Raises:
        UsageError: there is no such program.
    """

    def __init__(
        self, command: str, environment: Environment, tell: Callable[[Notice], None]
    ) -> None:
        try:
            self._command = shlex.split(command)
        except ValueError as fault:
            raise UsageError(f"invalid --exec: {fault}") from fault
        program = self._command[0] if self._command else ""
        if shutil.which(program, path=environment.variables.get("PATH")) is None:
            raise UsageError(
                f"--exec: command not found: {program!r}",
                hint="pass the path to a program; for shell commands, use --exec "
                "\"sh -c '…'\"",
            )
        self._name = Path(program).name
        self._environment = environment
        self._tell = tell
        self._waiting: queue.Queue[Segment | None] = queue.Queue(_MOST_WAITING)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._work, name="exec", daemon=True)
        self._thread.start()

    def run(self, segment: Segment) -> None:
        """Let the command have a phrase when its turn comes."""
        try:
            self._waiting.put_nowait(segment)
        except queue.Full:
            self._tell(Notice(f"--exec is {_MOST_WAITING} phrases behind; skipped one"))

    def close(self) -> None:
        """Wait until every phrase had its turn.

        An interruption meanwhile ends the command that runs; call ``stop`` then.
        """
        self._waiting.put(None)
        while self._thread.is_alive():
            self._thread.join(0.2)  # in pieces, so that Ctrl-C comes through

    def stop(self) -> None:
        """End the command that runs, and run no other."""
        self._stopped.set()
        with self._lock:
            if self._process is not None:
                _end(self._process)
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(_GRACE_S * 2)

    def _work(self) -> None:
        while (segment := self._waiting.get()) is not None:
            if self._stopped.is_set():
                return
            self._run_once(segment)

    def _run_once(self, segment: Segment) -> None:
        phrase = segment.to_dict()
        variables = {**self._environment.variables}
        variables["STT_PHRASE"] = json.dumps(phrase, ensure_ascii=False)
        variables["STT_INTENT"] = intent_name(dict(segment.intent or {})) or ""
        try:
            with self._lock:
                if self._stopped.is_set():
                    return
                self._process = process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    env=variables,
                    # Ctrl-C is ours: it ends the run, which ends the command.
                    start_new_session=os.name == "posix",
                )
            said = self._finished(process, segment.text)
        except (OSError, ValueError) as fault:  # not runnable; a NUL in a variable
            self._tell(Notice(f"cannot start {self._name}: {fault}"))
            return
        finally:
            with self._lock:
                self._process = None
        for line in said[:_MOST_OUTPUT].decode(errors="replace").splitlines():
            self._tell(Notice(f"{self._name}: {one_line(line)}"))
        if process.returncode and not self._stopped.is_set():
            self._tell(Notice(f"{self._name} {_outcome(process.returncode)}"))

    def _finished(self, process: subprocess.Popen[bytes], text: str) -> bytes:
        given = (text + "\n").encode("utf-8", "surrogateescape")
        try:
            return process.communicate(given, timeout=LONGEST_RUN_S)[0]
        except subprocess.TimeoutExpired:
            _end(process)
            self._tell(Notice(f"{self._name} was killed after {LONGEST_RUN_S:g} s"))
            return process.communicate()[0]


def _outcome(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"was killed by {signal.Signals(-code).name}"
    return f"failed with exit code {code}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command, and what it started: politely, then for good."""
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with suppress(OSError):
            if os.name == "posix":
                os.killpg(process.pid, number)
            else:
                process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
            return
