"""Providers side by side: a row each with time and text, differences marked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice, Progress
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Transcript
from stt_cli.formats.json_output import json_document
from stt_cli.providers.registry import provider_spec
from stt_cli.ui.progress import Task
from stt_cli.ui.scores import check_scores, marked_words, percent
from stt_cli.ui.style import columns_of, folded, wants_color
from stt_cli.ui.tables import Column, print_table
from stt_cli.ui.verdict import verdict
from stt_cli.workflows.comparison import (
    Compared,
    ComparisonEvent,
    check_providers,
    compared,
    failures_of,
    run_comparison,
)
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.recognize import Input, ids_of
from stt_cli.workflows.saved_results import text_of

if TYPE_CHECKING:
    from stt_cli.ui.run import Run


def compare_and_show(
    inputs: Sequence[Input],
    providers: Sequence[str],
    options: RecognizeOptions,
    run: Run,
    *,
    reference: str | None,
    fail_above: float | None,
    json: bool,
) -> int:
    """Recognize with every provider and show the results; return the exit code.

    Raises:
        UsageError: fewer than two providers, or one of them lacks something.
        ScoreError: a rate is above ``fail_above``.
    """
    if len(providers) < 2:
        raise UsageError(
            "a comparison needs at least two providers",
            hint="for example -p local -p azure; `stt providers` lists them",
        )
    if reference is not None and len(inputs) != 1:
        raise UsageError(
            f"--reference takes one recording, but {len(inputs)} were given",
            hint="run `stt compare` once for each recording",
        )
    if fail_above is not None and reference is None:
        raise UsageError("--fail-above requires --reference")
    wanted = text_of(reference, run.environment) if reference is not None else None
    specs = [provider_spec(name) for name in providers]
    settled = check_providers(specs, options, run.settings)
    for spec in specs:
        run.settings.require(spec, None)
    done: dict[str, list[Transcript]] = {one.name: [] for one in inputs}
    with ExitStack() as stack:
        opened = []
        for spec, own in zip(specs, settled, strict=True):
            provider = spec.open(run.settings.context_for(spec, log=run.log))
            stack.callback(provider.close)
            opened.append((provider, own))
        stack.enter_context(deadline(options.timeout))
        count = len(inputs) * len(specs)
        progress = stack.enter_context(run.reporter.progress(expected=count))
        tasks: dict[tuple[str, str], Task] = {}
        for one in run_comparison(opened, inputs, run.ledger, run.environment):
            key = (one.provider, one.input)
            if key not in tasks:
                tasks[key] = progress.task(f"{one.provider}: {one.input}")
            if isinstance(one, Transcript):
                tasks[key].finish()
                done[one.input].append(one)
                continue
            _show(one, run)
            if isinstance(one.event, Progress):
                tasks[key].update(one.event.done, one.event.total, one.event.unit)
    groups = [compared(each, wanted) for each in done.values()]
    if json:
        listed = [one.to_dict() for group in groups for one in group]
        run.reporter.result(json_document(listed))
    else:
        for group in groups:
            _print_group(group, run, several=len(groups) > 1)
    every = [one for each in done.values() for one in each]
    status = verdict(failures_of(every), len(every), run, "recognitions")
    check_scores(
        [one.score for group in groups for one in group if one.score], fail_above
    )
    return status


def _show(one: ComparisonEvent, run: Run) -> None:
    ids = ids_of(one.event)
    if ids is not None:
        run.reporter.ids(ids, f"{one.provider}: {one.input}")
    if isinstance(one.event, Notice):
        message = f"{one.provider}: {one.event.message}"
        run.reporter.notice(Notice(message, one.event.hint))


def _print_group(group: Sequence[Compared], run: Run, *, several: bool) -> None:
    environment = run.environment
    if several:
        run.reporter.result(f"==> {one_line(group[0].transcript.input)} <==\n")
    rates = any(one.word_error_rate is not None for one in group)
    columns = [Column("provider", "bold", whole=True), Column("time", right=True)]
    columns += [Column("WER", right=True)] if rates else []
    columns += [Column("text", wraps=True)]
    rows = []
    for one in group:
        row = [one.transcript.provider, _time(one)]
        if rates:
            rate = one.word_error_rate
            row.append("" if rate is None else percent(rate))
        row.append(one.transcript.text or _why_not(one))
        rows.append(row)
    print_table(columns, rows, environment)
    colored = wants_color(environment.stdout, environment)
    for one in group:
        if one.score is not None and one.score.word_error_rate:
            marked = marked_words(one.score.alignment, colored=colored)
            name = one.transcript.provider
            marked = folded(marked, columns_of(environment.stdout, environment))
            run.reporter.result(f"\n{name}:\n{marked}\n")


def _time(one: Compared) -> str:
    total = one.transcript.timing.total
    return "" if total is None else f"{total:.2f} s"


def _why_not(one: Compared) -> str:
    error = one.transcript.error
    return f"({error.message})" if error else f"({one.transcript.status})"
