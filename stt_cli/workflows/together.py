"""Recognizing several inputs in one request: one fate, a transcript for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stt_cli.core.errors import InterruptedRun, SttError
from stt_cli.workflows.deadline import DeadlinePassed
from stt_cli.workflows.recognize import Input, InputEvent, RunEvent

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.workflows.recognize import Recognition


def recognize_together(
    recognition: Recognition, inputs: Sequence[Input]
) -> Iterator[RunEvent]:
    """Recognize all inputs in one request; its failure is the failure of each."""
    begun = [recognition.begin(one) for one in inputs]
    provider, options = recognition.provider, recognition.options
    sources: list[AudioSource] = []
    ending: BaseException | None = None
    try:
        sources += [one.open() for one in inputs]
        for index, event in provider.recognize_together(sources, options):
            begun[index].add(event)
            yield InputEvent(index, event)
    except SttError as error:
        error.masked(recognition.environment.redactor.clean)
        for one in begun:
            one.builder.fail(error.copied())
        if isinstance(error, InterruptedRun | DeadlinePassed):
            ending = error
    except KeyboardInterrupt as pressed:
        for one in begun:
            one.builder.fail(InterruptedRun())
        ending = pressed
    except GeneratorExit:
        for one in begun:
            one.entry.finish("cancelled")
        raise
    for index, source in enumerate(sources):
        for notice in source.notices:
            yield InputEvent(index, notice)
    for index, one in enumerate(begun):
        opened = sources[index] if index < len(sources) else None
        yield one.done(index, opened, options)
    if ending is not None:
        raise ending
