"""``stt recognize --dry-run``: the requests as they would be sent; nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stt_cli.audio.channels import channels_of
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.plain_text import one_line, printable
from stt_cli.core.transcript import seconds
from stt_cli.formats.json_output import json_document, json_line
from stt_cli.providers.upload_estimate import UploadEstimate
from stt_cli.ui.result import header_line
from stt_cli.ui.verdict import verdict

if TYPE_CHECKING:
    from stt_cli.core.options import RecognizeOptions
    from stt_cli.providers.base import Provider
    from stt_cli.ui.run import Run
    from stt_cli.workflows.recognize import Input, RecognitionRequest


@dataclass(frozen=True, slots=True)
class _Planned:
    """What would be sent for one input. ``request`` is ``None`` if nothing would.

    ``size`` is in bytes of audio as sent, ``duration`` in seconds.
    """

    input: str
    provider: str
    request: str | None
    size: int | None
    duration: float | None
    refusals: tuple[SttError, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "input": self.input,
            "provider": self.provider,
            "request": self.request,
            "size": self.size,
            "duration": seconds(self.duration),
            "refusals": [refusal.to_dict() for refusal in self.refusals],
        }

    def to_text(self) -> str:
        lines = [self.request] if self.request is not None else []
        size = "unknown" if self.size is None else f"{self.size} bytes of audio"
        if self.size != 0:  # this machine is sent nothing, and says so above
            lines.append(f"size: {size}")
        length = "unknown" if self.duration is None else f"{self.duration:.2f} s"
        lines.append(f"length: {length}")
        lines += [f"refused: {one_line(each.message)}" for each in self.refusals]
        return printable("\n".join(lines)) + "\n"


def show_requests(
    request: RecognitionRequest,
    options: RecognizeOptions,
    inputs: Sequence[Input],
    run: Run,
) -> int:
    """Print what would be sent for each input; the code is that of a refusal.

    Raises:
        SttError: the only input would be refused.
        UsageError: the format asked for is for transcripts.
    """
    if request.format not in (None, "text", "json", "jsonl"):
        raise UsageError(
            f"--dry-run cannot write {request.format}", hint="use text, json or jsonl"
        )
    provider = run.spec.open(run.context(run.spec))
    with closing(provider):
        if options.together:
            planned = [_plan_together(provider, inputs, options, run)]
        else:
            planned = [
                _plan(provider, one, one.options or options, run) for one in inputs
            ]
    single = request.microphone or not request.inputs.may_be_many
    run.reporter.result(_rendered(planned, request.format, run, single=single))
    failures = [(one.input, one.refusals[0]) for one in planned if one.refusals]
    return verdict(failures, len(planned), run)


def _plan(
    provider: Provider, one: Input, options: RecognizeOptions, run: Run
) -> _Planned:
    clean = run.environment.redactor.clean
    text: str | None = None
    length: float | None = None
    estimate = UploadEstimate()
    refusals: tuple[SttError, ...]
    try:
        source = one.open()
        if source.url is not None:
            raise UsageError(
                "--dry-run cannot be used with URLs, because it makes no connection",
                hint="download the recording first",
            )
        if not source.live:
            _ = source.encoding  # what cannot be read is never sent
            length = source.duration
        text = clean(provider.preview(source, options).rstrip("\n"))
        estimate = provider.upload_estimate(source, options)
        refusals = estimate.refusals
        apart = options.channels and not source.live
        if apart and not provider.separates_channels(source, options):
            count = len(channels_of(source))
            text += f"\nchannels: {count}, recognized separately"
            if estimate.size is not None:
                estimate = replace(estimate, size=count * estimate.size)
    except SttError as refusal:
        refusals = (refusal,)
    return _Planned(
        input=clean(one.name),
        provider=provider.spec.name,
        request=text,
        size=estimate.size,
        duration=length,
        refusals=tuple(refusal.masked(clean) for refusal in refusals),
    )


def _plan_together(
    provider: Provider, inputs: Sequence[Input], options: RecognizeOptions, run: Run
) -> _Planned:
    """Plan the one request of all inputs; its size is theirs together."""
    clean = run.environment.redactor.clean
    sources = []
    for one in inputs:
        sources.append(one.open())
        if sources[-1].url is not None:
            raise UsageError(
                "--dry-run cannot be used with URLs, because it makes no connection",
                hint="download the recording first",
            )
        _ = sources[-1].encoding  # what cannot be read is never sent
    estimates = [provider.upload_estimate(source, options) for source in sources]
    sizes = [estimate.size for estimate in estimates]
    lengths = [source.duration for source in sources]
    return _Planned(
        input=clean(", ".join(one.name for one in inputs)),
        provider=provider.spec.name,
        request=clean(provider.preview_together(sources, options).rstrip("\n")),
        size=None if None in sizes else sum(size or 0 for size in sizes),
        duration=None if None in lengths else sum(each or 0.0 for each in lengths),
        refusals=tuple(
            refusal.masked(clean)
            for estimate in estimates
            for refusal in estimate.refusals
        ),
    )


def _rendered(
    planned: Sequence[_Planned], form: str | None, run: Run, *, single: bool
) -> str:
    objects = [one.to_dict() for one in planned]
    if form == "json":
        return json_document(objects[0] if single else objects)
    if form == "jsonl":
        return "".join(map(json_line, objects))
    if len(planned) == 1:
        return planned[0].to_text()
    return "".join(
        header_line(one.input, run.environment, first=index == 0) + one.to_text()
        for index, one in enumerate(planned)
    )
