"""``stt support``: the report that a vendor's support asks for."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import Force, Profile
from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice

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
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.support import SupportRequest, write_report

    environment: Environment = ctx.obj
    if bundle:
        ensure_writable(bundle, force=force)
    request = SupportRequest.of(wanted or (), log or (), profile)
    report = write_report(request, environment, Reporter(environment))
    if bundle:
        report.save(bundle, force=force)
        Reporter(environment).notice(Notice(f"wrote {bundle}"))
    environment.stdout.write(report.document if json else report.text)
