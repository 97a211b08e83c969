"""What the command lines of the job commands said, as the workflows take it."""

from __future__ import annotations

from dataclasses import dataclass, field

from stt_cli.core.options import JobOptions
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.workflows.jobs.inputs import Inputs


@dataclass(frozen=True, slots=True)
class SubmitOptions:
    """What to submit and how; ``workers`` recordings at a time.

    ``timeout`` is in seconds and covers the whole command.
    """

    inputs: Inputs
    options: JobOptions
    workers: int | None = None
    wait: bool = False
    dry_run: bool = False
    timeout: float | None = None
    format: str | None = None
    output: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class ResumeOptions:
    """How to go on with what was left; ``again`` submits what may be a job already."""

    workers: int | None = None
    again: bool = False
    forget: bool = False
    dry_run: bool = False
    as_json: bool = False
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class WaitOptions:
    """How to wait, and what to do with the transcripts.

    Times are seconds; ``workers`` results of a service are fetched at a time.
    """

    interval: float | None = None
    timeout: float | None = None
    webhook: str | None = None
    fetch: bool = True
    format: str | None = None
    output: str | None = None
    force: bool = False
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    workers: int = 8
