"""Recognizing a recording: as one, or each of its channels by itself.

The channels' streams of events become one: phrases say which channel they are of
and come in order of time, every ID is told, and one ``Ended`` comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import INTERRUPTIONS, SttError
from stt_cli.core.events import (
    Ended,
    Identified,
    Notice,
    Partial,
    Phrase,
    Progress,
    RecognitionEvent,
    Started,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.providers.base import Provider


def recognition_events(
    provider: Provider, source: AudioSource, options: RecognizeOptions
) -> Iterator[RecognitionEvent]:
    """Recognize one input, its channels apart where that is asked for.

    A channel that fails does not stop the others; its error comes last.
    """
    if not options.channels or provider.separates_channels(source, options):
        yield from provider.recognize(source, options)
        return
    from stt_cli.audio.channels import channels_of

    channels = channels_of(source)
    wanted = replace(options, channels=False)
    if len(channels) == 1:
        yield from provider.recognize(channels[0], wanted)
        yield Notice(f"{source.name} has only one channel")
        return
    run = _Run(len(channels))
    for number, channel in enumerate(channels):
        if number:  # an ID names one session
            wanted = replace(wanted, session_id=None)
        try:
            for event in provider.recognize(channel, wanted):
                yield from run.take(number, event)
        except INTERRUPTIONS:
            yield from run.phrases()
            raise
        except SttError as error:
            run.failures.append(error)
        for notice in channel.notices:
            # The recording's own are told by whoever opened it.
            if notice not in (*run.notices, *source.notices):
                run.notices.append(notice)
    yield from run.phrases()
    yield from run.notices
    if run.failures:
        raise run.failures[0]
    yield run.ended()


@dataclass(slots=True)
class _Run:
    """What the channels gave by now."""

    channels: int
    heard: list[Phrase] = field(default_factory=list)
    ends: list[tuple[int, Ended]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    failures: list[SttError] = field(default_factory=list)

    def take(self, channel: int, event: RecognitionEvent) -> Iterator[RecognitionEvent]:
        """Yield what of a channel's event is told at once."""
        match event:
            case Phrase():
                segment = replace(event.segment, channel=channel)
                self.heard.append(replace(event, segment=segment))
            case Ended():
                self.ends.append((channel, event))
            case Partial():
                yield replace(event, channel=channel)
            case Progress():
                yield self._of_all(channel, event)
            case Started() if channel:
                yield Identified(_named(event.ids, channel))
            case Identified() if channel:
                yield Identified(_named(event.ids, channel))
            case _:
                yield event

    def phrases(self) -> Iterator[Phrase]:
        """Yield all phrases in order of time."""
        heard, self.heard = self.heard, []
        yield from sorted(heard, key=lambda phrase: phrase.segment.start or 0.0)

    def ended(self) -> Ended:
        """Return the end of the whole: a success if one channel had one."""
        first = self.ends[0][1]
        success = RecognitionStatus.SUCCESS
        succeeded = any(end.status is success for _, end in self.ends)
        lengths = [end.duration for _, end in self.ends if end.duration is not None]
        apart: list[dict[str, Any]] = [
            {**end.details, "channel": channel, "status": str(end.status)}
            for channel, end in self.ends
        ]
        return Ended(
            success if succeeded else first.status,
            duration=max(lengths, default=None),
            details={**first.details, "channels": apart},
            raw=tuple(answer for _, end in self.ends for answer in end.raw),
        )

    def _of_all(self, channel: int, event: Progress) -> Progress:
        if event.total is None:
            return event
        done = channel * event.total + event.done
        return replace(event, done=done, total=self.channels * event.total)


def _named(ids: Identifiers, channel: int) -> Identifiers:
    """Return the IDs of a later channel under names of their own."""
    return Identifiers.from_mapping(
        {f"channel_{channel}_{name}": value for name, value in ids.items()}
    )
