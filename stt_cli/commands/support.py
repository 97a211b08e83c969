"""``stt support``: the report that a vendor's support asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import Force, Profile
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError

if TYPE_CHECKING:
    from stt_cli.formats.support_report import LogExcerpt

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "stt support",
        "stt support 9f4ffa5113a846eba289aa98b28e766f | xclip",
        "stt support case.zip sdk.log --bundle case-for-the-vendor.zip",
        "stt support 9f4ffa5113a846eba289aa98b28e766f --log sdk.log --bundle case.zip",
    ),
)
def support(
    ctx: typer.Context,
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID | FILE...]",
            help="Any ID from an stt operation (session, request, transcription, "
            "job, …), or logs, folders, archives, HAR files or emails from "
            "any program; - for stdin. Default: the latest failed operation.",
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        list[str] | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="Include the lines of this log that mention the IDs. Takes a log "
            "from --log-file or an SDK; - for stdin. May be repeated.",
        ),
    ] = None,
    bundle: Annotated[
        str | None,
        typer.Option(
            "--bundle",
            metavar="FILE.zip",
            help="Write report.md, report.json and the log lines to an archive "
            "that only you can read.",
        ),
    ] = None,
    force: Force = False,
    profile: Profile = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Write a report for a vendor's support team, ready to paste.

    For an stt operation, the report has the request, response, IDs, times, versions
    and recent failure rate from the ledger. For logs from any program, it has the
    IDs, times, endpoints, statuses and errors of each session. Nothing is sent
    anywhere, and the report has no keys, audio or transcripts. Exits with code 5 if
    there is no such operation, 3 if the files have no IDs.
    """
    from stt_cli.formats.files import ensure_writable

    if bundle:
        ensure_writable(bundle, force=force)
    ids, files = _parted(wanted or [])
    if len(ids) > 1:
        raise UsageError(
            f"a report covers one operation, but {len(ids)} IDs were given",
            hint="run `stt support` once for each ID; several files are fine",
        )
    if files and not ids:
        made = _of_files((*files, *(log or ())), ctx.obj)
    else:
        wanted_id = ids[0] if ids else None
        made = _of_operation(wanted_id, (*files, *(log or ())), ctx.obj, profile)
    _deliver(made, ctx.obj, bundle, force=force, json=json)


@dataclass(frozen=True, slots=True)
class _Made:
    """A report, written out."""

    at: str
    text: str
    document: str
    logs: Sequence[LogExcerpt] = ()


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the IDs from the files: what exists, or is named like a path, is one."""
    files = [word for word in words if word == "-" or Path(word).exists()]
    ids = [word for word in words if word not in files]
    return ids, files


def _of_files(files: Sequence[str], environment: Environment) -> _Made:
    from stt_cli.formats.json_output import json_document
    from stt_cli.formats.support_case import render_support_case
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.support_case import support_case

    reporter = Reporter(environment)
    case = support_case(
        files, environment, lambda notice: reporter.warning(notice.message, notice.hint)
    )
    return _Made(case.made, render_support_case(case), json_document(case.to_dict()))


def _of_operation(
    wanted: str | None,
    logs: Sequence[str],
    environment: Environment,
    profile: str | None,
) -> _Made:
    from stt_cli.core.events import Notice
    from stt_cli.formats.json_output import json_document
    from stt_cli.formats.support_report import render_support_report
    from stt_cli.ledger import open_ledger
    from stt_cli.settings import Settings
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.log_excerpt import log_excerpt
    from stt_cli.workflows.support import (
        mask_secrets_of,
        operation_of,
        support_report,
    )

    reporter = Reporter(environment)
    settings = Settings.load(environment, profile=profile)
    with open_ledger(
        environment,
        settings,
        warn=lambda notice: reporter.warning(notice.message, notice.hint),
    ) as ledger:
        row = operation_of(ledger, wanted)
        ids = [one.value for one in row.learned]
        if logs:
            mask_secrets_of(row.provider, settings)
        excerpts = [log_excerpt(name, ids, environment) for name in logs]
        report = support_report(row, ledger, environment, excerpts)
    if "host" in row.facts:
        # A vendor need not know it, who reads a shared ledger does.
        where = f"{row.facts['host']} as {row.facts.get('user', 'unknown user')}"
        reporter.notice(
            Notice(f"this operation ran on {where}; the report does not say so")
        )
    return _Made(
        report.made,
        render_support_report(report),
        json_document(report.to_dict()),
        report.logs,
    )


def _deliver(
    made: _Made,
    environment: Environment,
    bundle: str | None,
    *,
    force: bool,
    json: bool,
) -> None:
    if bundle:
        from stt_cli.core.events import Notice
        from stt_cli.formats.files import whole_file
        from stt_cli.formats.support_report import write_support_bundle
        from stt_cli.ui.reporter import Reporter

        with whole_file(bundle, force=force, private=True) as file:
            write_support_bundle(file, made.at, made.text, made.document, made.logs)
        Reporter(environment).notice(Notice(f"wrote {bundle}"))
    environment.stdout.write(made.document if json else made.text)
