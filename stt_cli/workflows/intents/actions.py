"""What a run does with each final phrase, apart from keeping it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stt_cli.core.environment import Environment
from stt_cli.core.errors import InterruptedRun, SttError, UnreachableError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.options import PhraseOptions
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Segment
from stt_cli.protocols.intents.luis import answer_of, intent_name, slots_of
from stt_cli.protocols.intents.patterns import Pattern, match, parse_patterns
from stt_cli.workflows.deadline import DeadlinePassed
from stt_cli.workflows.intents.command import PhraseCommand
from stt_cli.workflows.intents.service import IntentService

_INTERRUPTIONS = (KeyboardInterrupt, InterruptedRun, DeadlinePassed)
_CHECK = "check --intent-url, and whether the service is running"
_MOST_FAILURES = 3
"""After so many failures in a row the service is not asked any more in this run."""


class PhraseActions:
    """Finds the intent of phrases and runs the command. Use as a context.

    Patterns come first: the service is asked for what none of them fits.

    Args:
        tell: gets what goes wrong, from any thread.

    Raises:
        UsageError: a pattern, an address or a command is wrong.
    """

    def __init__(
        self,
        options: PhraseOptions,
        environment: Environment,
        tell: Callable[[Notice], None],
        *,
        insecure: bool = False,
    ) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._failures = 0
        self._patterns = read_patterns(options.intents) if options.intents else ()
        self._service: IntentService | None = None
        if options.intent_url is not None:
            self._service = IntentService(
                options.intent_url, environment, insecure=insecure
            )
        self._command: PhraseCommand | None = None
        if options.command is not None:
            self._command = PhraseCommand(options.command, environment, tell)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._command is not None:
                self._end(self._command, stopped=isinstance(fault, _INTERRUPTIONS))
        finally:
            if self._service is not None:
                self._service.close()

    def follow(self, segment: Segment) -> Segment:
        """Return a final phrase with its intent; the command gets it as well."""
        if not segment.text.strip():
            return segment
        intent = self._intent_of(segment.text)
        if intent is not None:
            segment = replace(segment, intent=intent)
        if self._command is not None:
            self._command.run(segment)
        return segment

    def _intent_of(self, text: str) -> Mapping[str, Any] | None:
        if self._patterns:
            found = match(text, self._patterns)
            if found is not None:
                return answer_of(text, found)
        return self._asked(text)

    def _asked(self, text: str) -> Mapping[str, Any] | None:
        with self._lock:
            service = self._service if self._failures < _MOST_FAILURES else None
        if service is None:
            return None
        try:
            answer = service.ask(text)
        except _INTERRUPTIONS:
            raise
        except SttError as error:
            with self._lock:
                self._failures += 1
                gives_up = self._failures == _MOST_FAILURES
            # What the network advises is meant for a provider's --endpoint.
            unreachable = isinstance(error, UnreachableError)
            hint = _CHECK if unreachable else error.hint
            self._tell(Notice(f"no intent: {error.message}", hint=hint))
            if gives_up:
                message = f"stopped asking {service.host} for intents"
                self._tell(Notice(f"{message}: it failed {_MOST_FAILURES} times"))
            return None
        with self._lock:
            self._failures = 0
        return answer

    def _end(self, command: PhraseCommand, *, stopped: bool) -> None:
        if stopped:
            command.stop()
            return
        try:
            command.close()
        except BaseException:
            command.stop()
            raise


def intent_summary(answer: Mapping[str, Any]) -> str:
    """Return an intent with its slots in a line; nothing where none was found."""
    name = intent_name(dict(answer))
    if name is None:
        return ""
    slots = ", ".join(f"{slot}: {value}" for slot, value in slots_of(dict(answer)))
    return one_line(f"{name} ({slots})" if slots else name)


def read_patterns(path: str) -> tuple[Pattern, ...]:
    """Return the patterns of a file. Raises ``UsageError``."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise UsageError(f"cannot read {path}: {reason}") from fault
    return parse_patterns(text, path)
