"""``stt session-id``: find the IDs that support asks for, or make one."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands import values
from stt_cli.commands.options import JsonArray, Quiet
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.exit_status import ExitStatus

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "stt session-id sdk.log",
        "stt session-id case.zip mail.eml logs/",
        "stt session-id --kind all --json *.log",
        "kubectl logs app | stt session-id",
        "stt session-id --follow sdk.log",
        'curl "$URL&X-ConnectionId=$(stt session-id --new)" …',
    ),
)
def session_id(
    ctx: typer.Context,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Logs, JSON, CSV, HAR files or emails; zip, tar, gzip, bzip2, xz "
            "or zstd archives; folders; URLs, which are parsed but not "
            "fetched; - for stdin. Default: piped input, else the last IDs "
            "that stt used.",
            show_default=False,
        ),
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Generate an ID: 32 hex digits, no dashes.")
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow",
            "-F",
            help="Keep reading as the file grows, across log rotation; stop with "
            "Ctrl-C.",
        ),
    ] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            autocompletion=values.id_kinds,
            help="Kind of ID to find: session, transcription, job, request, "
            "transaction, … or all. May be repeated. Default: session, "
            "transcription and job.",
            show_default=False,
        ),
    ] = None,
    candidates: Annotated[
        bool,
        typer.Option(
            "--candidates",
            help="Also list values that look like IDs but have no label.",
        ),
    ] = False,
    last: Annotated[
        bool, typer.Option("--last", help="Print the IDs of the last operation.")
    ] = False,
    json: JsonArray = False,
    quiet: Quiet = False,
) -> int:
    """Find session IDs and other support IDs in logs, archives and emails.

    Prints one ID per line, each once, in the order found. With --kind, adds the
    kind and vendor in tab-separated columns; --json adds file, line, time and
    context. Exits with code 3 if there is none.
    """
    environment: Environment = ctx.obj
    if new:
        if inputs or follow or last or kind or candidates:
            raise UsageError("--new cannot be used with files or search options")
        if not json:  # scripts call this often: nothing is loaded for it
            environment.stdout.write(f"{environment.new_hex_id()}\n")
            return ExitStatus.OK
        from stt_cli.ui.found_ids import print_new_id

        return print_new_id(environment)
    if last and (inputs or follow or candidates):
        raise UsageError("--last cannot be used with files or --follow")
    if follow and len(inputs or ()) > 1:
        raise UsageError(
            "--follow takes only one file",
            hint="run `stt session-id` once for each file",
        )
    from stt_cli.ui.found_ids import print_found, print_last
    from stt_cli.workflows.find_ids import IdSearch, chosen_kinds, has_piped_material

    kinds = chosen_kinds(tuple(kind or ()))
    if last or not (inputs or has_piped_material(environment)):
        if follow:
            raise UsageError("--follow needs a file", hint="name the file to follow")
        return print_last(environment, kinds, json=json)
    search = IdSearch(
        tuple(inputs or ("-",)),
        kinds,
        follow=follow,
        details=json or candidates,
        candidates=candidates,
    )
    return print_found(environment, search, json=json, quiet=quiet)
