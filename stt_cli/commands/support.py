"""``stt support``: the report that a vendor's support asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import Force, Profile
from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from stt_cli.formats.support_report import SupportReport

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "stt support",
        "stt support 9f4ffa5113a846eba289aa98b28e766f | xclip",
        "stt support 9f4ffa5113a846eba289aa98b28e766f --log sdk.log --bundle case.zip",
    ),
)
def support(
    ctx: typer.Context,
    wanted: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="Any ID of the operation: session, request, transcription, job, … "
            "Default: the newest one that failed.",
        ),
    ] = None,
    log: Annotated[
        list[str] | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="Add the lines of this log that name the IDs: one of --log-file, "
            "or of an SDK. - is stdin; give it again for several.",
        ),
    ] = None,
    bundle: Annotated[
        str | None,
        typer.Option(
            "--bundle",
            metavar="FILE.zip",
            help="Write report.md, report.json and the logs' lines into an archive "
            "that only you can read.",
        ),
    ] = None,
    force: Force = False,
    profile: Profile = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Write the report that a vendor's support asks for, ready to paste.

    Request, answer, IDs, times, versions and the share of failures come from the
    ledger; nothing is sent. It has no key, no audio and no transcript. Exit
    code 5: no such operation.
    """
    from stt_cli.core.events import Notice
    from stt_cli.formats.files import ensure_writable
    from stt_cli.formats.json_output import json_document
    from stt_cli.formats.support_markdown import render_support_report
    from stt_cli.ledger import open_ledger
    from stt_cli.settings import Settings
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.log_excerpt import log_excerpt
    from stt_cli.workflows.support import (
        mask_secrets_of,
        operation_of,
        support_report,
    )

    world: Environment = ctx.obj
    reporter = Reporter(world)
    if bundle:
        ensure_writable(bundle, force=force)
    settings = Settings.load(world, profile=profile)
    with open_ledger(
        world,
        settings,
        warn=lambda notice: reporter.warning(notice.message, notice.hint),
    ) as ledger:
        row = operation_of(ledger, wanted)
        ids = [one.value for one in row.learned]
        if log:
            mask_secrets_of(row.provider, settings)
        logs = [log_excerpt(name, ids, world) for name in log or ()]
        report = support_report(row, ledger, world, logs)
    document = json_document(report.to_dict())
    text = render_support_report(report)
    if "host" in row.facts:
        # A vendor need not know it, who reads a shared ledger does.
        where = f"{row.facts['host']} as {row.facts.get('user', 'nobody known')}"
        reporter.notice(Notice(f"it ran on {where}; the report does not tell"))
    if bundle:
        _write_bundle(bundle, report, text, document, force=force)
        reporter.notice(Notice(f"wrote {bundle}"))
    world.stdout.write(document if json else text)


def _write_bundle(
    path: str, report: SupportReport, text: str, document: str, *, force: bool
) -> None:
    from stt_cli.formats.files import whole_file
    from stt_cli.formats.support_bundle import write_support_bundle

    with whole_file(path, force=force, private=True) as file:
        write_support_bundle(file, report, text, document)
