"""Where transcripts go: stdout while they grow, or files once they are whole.

One ``TranscriptOutput`` serves a run, as a context manager around it. Text
streams, a line a final phrase, in the order of the inputs; JSON lines come as
each input ends; every other format is written when all is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stt_cli.core.errors import INTERRUPTIONS, OutputError, SttError, UsageError
from stt_cli.core.events import (
    Identified,
    Notice,
    Partial,
    Phrase,
    Progress,
    RecognitionEvent,
    Started,
)
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import RecognitionStatus, Transcript, seconds
from stt_cli.formats.files import write_text
from stt_cli.formats.registry import WriteOptions, refusal_of_times, writer_for
from stt_cli.ui.captions import LiveSource
from stt_cli.ui.progress import Task
from stt_cli.ui.reporter import Reporter
from stt_cli.ui.result import header_line, phrase_for
from stt_cli.ui.verdict import failure_of

_TELLING_ERRORS = ("json", "jsonl")
"""The formats in which a failure has a place of its own."""

_MOST_NAMED = 4
"""So many files are named; more are counted."""


class TranscriptOutput:
    """Takes what happens to each input; shows how far they are meanwhile.

    ``names`` are the inputs' names, counted by ``index`` from 0.
    """

    def __init__(self, reporter: Reporter, names: list[str]) -> None:
        self.reporter = reporter
        self.names = names
        self._progress = reporter.progress(expected=len(names))
        self._tasks: dict[int, Task] = {}

    def __enter__(self) -> Self:
        self._progress.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.__exit__(kind, fault, trace)

    def event(self, index: int, event: RecognitionEvent) -> None:
        """Show an event, where this output shows anything so early."""
        if index not in self._tasks:
            self._tasks[index] = self._progress.task(self.names[index])
        if isinstance(event, Progress):
            self._tasks[index].update(event.done, event.total, event.unit)

    def done(self, index: int, transcript: Transcript) -> None:
        """Take a finished transcript."""
        if index in self._tasks:
            self._tasks[index].finish()

    def finish(self) -> None:
        """Write what waits for the end of the run."""


class LiveText(TranscriptOutput):
    """One input's text: phrases for good, the hypothesis of the moment below.

    ``live`` is the microphone, where one is heard rather than a recording.
    """

    def __init__(
        self,
        reporter: Reporter,
        name: str,
        form: TextForm,
        *,
        live: LiveSource | None = None,
        with_channel: bool = False,
    ) -> None:
        super().__init__(reporter, [name])
        self._captions = reporter.captions(
            live or name, form=form, with_channel=with_channel
        )

    def __enter__(self) -> Self:
        self._captions.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._captions.__exit__(kind, fault, trace)

    def event(self, index: int, event: RecognitionEvent) -> None:
        """Show phrases, partials and progress as they come."""
        match event:
            case Partial():
                self._captions.partial(event)
            case Phrase():
                self._captions.phrase(event.segment)
            case Progress():
                self._captions.update(event.done, event.total, event.unit)
            case _:
                pass  # IDs and notices are the reporter's


class TextInTurn(TranscriptOutput):
    """Several inputs' text: the foremost one's phrases at once, others' in turn."""

    def __init__(self, reporter: Reporter, names: list[str], form: TextForm) -> None:
        super().__init__(reporter, names)
        self._form = form
        self._current = 0
        self._waiting: defaultdict[int, list[str]] = defaultdict(list)
        self._done: set[int] = set()
        self._headed: set[int] = set()

    def event(self, index: int, event: RecognitionEvent) -> None:
        """Print a final phrase, or keep it until its input's turn comes."""
        super().event(index, event)
        if isinstance(event, Phrase):
            environment = self.reporter.screen.environment
            line = phrase_for(event.segment, environment, self._form)
            if line:
                self._waiting[index].append(line + "\n")
            self._release()

    def done(self, index: int, transcript: Transcript) -> None:
        """Let the next input have its turn."""
        super().done(index, transcript)
        self._done.add(index)
        self._release()

    def finish(self) -> None:
        """Print what is known of inputs that never had their turn."""
        for index in sorted(self._waiting):
            self._print(index)

    def _release(self) -> None:
        while True:
            self._print(self._current)
            if self._current not in self._done:
                return
            self._current += 1

    def _print(self, index: int) -> None:
        lines = self._waiting.pop(index, [])
        if index not in self._headed and (lines or index in self._done):
            environment = self.reporter.screen.environment
            header = header_line(self.names[index], environment, first=not self._headed)
            self._headed.add(index)
            lines.insert(0, header)
        if lines:
            self.reporter.result("".join(lines))


class WhenWhole(TranscriptOutput):
    """One document on stdout, once every transcript is there."""

    def __init__(
        self, reporter: Reporter, names: list[str], name: str, options: WriteOptions
    ) -> None:
        super().__init__(reporter, names)
        self._name = name
        self._writer = writer_for(name)
        self._tells_errors = name in _TELLING_ERRORS
        self._options = options
        self._transcripts: dict[int, Transcript] = {}

    def done(self, index: int, transcript: Transcript) -> None:
        """Keep it until all are there."""
        super().done(index, transcript)
        if self._tells_errors or not _is_broken(transcript) or transcript.segments:
            self._transcripts[index] = transcript

    def finish(self) -> None:
        """Write the document, in the order of the inputs."""
        ordered = [self._transcripts[index] for index in sorted(self._transcripts)]
        if not ordered:
            return
        refusal = refusal_of_times(self._name, ordered, self._options)
        if refusal is not None:
            raise _printed_as_json(ordered, refusal, self.reporter)
        self.reporter.result("".join(self._writer(ordered, self._options)))


class LineAsEachEnds(TranscriptOutput):
    """JSON Lines on stdout: each transcript as its input ends."""

    def done(self, index: int, transcript: Transcript) -> None:
        """Write it now; a run that is killed later has written it."""
        super().done(index, transcript)
        pieces = writer_for("jsonl")([transcript], WriteOptions())
        self.reporter.result("".join(pieces))


class EventLines(TranscriptOutput):
    """JSON Lines on stdout: everything that happens, as it happens, for programs.

    Each line has a ``type``; ``stt schema event`` describes them.
    """

    def __init__(self, reporter: Reporter, names: list[str], provider: str) -> None:
        super().__init__(reporter, names)
        self._provider = provider

    def event(self, index: int, event: RecognitionEvent) -> None:
        """Print an event, unless only providers care for it."""
        super().event(index, event)
        found = self._described(event)
        if found is not None:
            self._print(index, *found)

    def done(self, index: int, transcript: Transcript) -> None:
        """Print the input's last event, which holds its whole result."""
        super().done(index, transcript)
        self._print(index, "ended", {"transcript": transcript.to_dict()})

    def _described(self, event: RecognitionEvent) -> tuple[str, dict[str, Any]] | None:
        match event:
            case Started():
                return "started", {
                    "provider": self._provider,
                    "transport": event.transport,
                    "ids": event.ids.to_dict(),
                }
            case Identified():
                return "ids", {"ids": event.ids.to_dict()}
            case Partial():
                return "partial", {
                    "text": event.text,
                    "start": seconds(event.start),
                    "translations": dict(event.translations),
                }
            case Phrase():
                return "phrase", {"segment": event.segment.to_dict()}
            case Progress():
                return "progress", {
                    "done": event.done,
                    "total": event.total,
                    "unit": event.unit,
                }
            case Notice():
                clean = self.reporter.screen.environment.redactor.clean
                hint = clean(event.hint) if event.hint else None
                return "notice", {"message": clean(event.message), "hint": hint}
            case _:
                return None

    def _print(self, index: int, kind: str, values: dict[str, Any]) -> None:
        from stt_cli.formats.json_output import json_line

        line = json_line({"type": kind, "input": self.names[index], **values})
        self.reporter.result(line)


class FilesAsEachEnds(TranscriptOutput):
    """Each transcript in files of its own as its input ends.

    An input that failed leaves no file: it would stand in the way of the next run.

    Args:
        files: each input's files, by the name of their format.
        allow_empty: whether silence is a result and not a failure.
    """

    def __init__(
        self,
        reporter: Reporter,
        names: list[str],
        files: Sequence[Mapping[str, Path]],
        options: WriteOptions,
        *,
        force: bool,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(reporter, names)
        self._files = files
        self._allow_empty = allow_empty
        self._options = options
        self._force = force
        self._written: list[Path] = []
        self._failures: list[SttError] = []
        self._without_times: set[int] = set()

    def done(self, index: int, transcript: Transcript) -> None:
        """Write it now; a run that is killed later keeps it."""
        super().done(index, transcript)
        if failure_of(transcript, allow_empty=self._allow_empty) is None:
            for name, path in self._files[index].items():
                self._save(index, name, path, transcript)

    def finish(self) -> None:
        """Say what was written; raise the first failure, now that all were tried."""
        if self._written:
            self.reporter.notice(Notice(_what_was_written(self._written)))
        if self._failures:
            raise self._failures[0]

    def _save(self, index: int, name: str, path: Path, transcript: Transcript) -> None:
        try:
            refusal = refusal_of_times(name, [transcript], self._options)
            if refusal is not None:
                if index in self._without_times:
                    return  # said of the spoken language, or of the other format
                self._without_times.add(index)
                raise _printed_as_json([transcript], refusal, self.reporter)
            pieces = writer_for(name)([transcript], self._options)
            _save_or_print(path, pieces, self.reporter, force=self._force)
        except INTERRUPTIONS:
            raise
        except SttError as error:
            if self._failures:
                self.reporter.warning(error.message, error.hint)
            self._failures.append(error)
        else:
            self._written.append(path)


def _what_was_written(paths: Sequence[Path]) -> str:
    if len(paths) == 1:
        return f"wrote {paths[0]}"
    folders = {path.parent for path in paths}
    if len(paths) <= _MOST_NAMED:
        return f"wrote {', '.join(map(str, paths))}"
    return f"wrote {len(paths)} files to {' and '.join(map(str, sorted(folders)))}"


def _is_broken(transcript: Transcript) -> bool:
    """Whether it is no whole result, so that only JSON may hold it in a file."""
    return transcript.status in (RecognitionStatus.FAILED, RecognitionStatus.CANCELLED)


def _printed_as_json(
    transcripts: Sequence[Transcript], refusal: UsageError, reporter: Reporter
) -> UsageError:
    """Print what no caption can hold, since it may have cost money; return why."""
    pieces = writer_for("json")(transcripts, WriteOptions())
    reporter.result("".join(pieces))
    refusal.hint = (
        "the result was written to stdout as JSON; `stt convert FILE -f srt "
        "--interpolate` estimates times from its text"
    )
    return refusal


def _save_or_print(
    path: Path, pieces: Iterable[str], reporter: Reporter, *, force: bool
) -> None:
    """Write a result to a file; print it where the file does not take it.

    A recognition may have cost an hour or money: a disk that filled up meanwhile
    must not throw it away. Raises what went wrong, after the result is out.
    """
    text = "".join(pieces)
    try:
        write_text(path, [text], force=force)
    except (OutputError, UsageError) as error:
        reporter.result(text)
        error.hint = f"the result was written to stdout instead; {error.hint}"
        raise
