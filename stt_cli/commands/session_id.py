"""``stt session-id``: find the IDs that support asks for, or make one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands import values
from stt_cli.commands.options import JsonArray, Quiet
from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.exit_status import ExitStatus

if TYPE_CHECKING:
    from stt_cli.core.events import Notice
    from stt_cli.ids.finding import Finding
    from stt_cli.ui.found_ids import IdArray, IdLines
    from stt_cli.workflows.material import Unread

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")

_LOOK_BACK = 100  # operations of the ledger that are looked at for --last


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
        return _make(environment, json=json)
    if last and (inputs or follow or candidates):
        raise UsageError("--last cannot be used with files or --follow")
    if follow and len(inputs or ()) > 1:
        raise UsageError(
            "--follow takes only one file",
            hint="run `stt session-id` once for each file",
        )
    if last or not (inputs or _is_piped(environment.stdin)):
        if follow:
            raise UsageError("--follow needs a file", hint="name the file to follow")
        return _show_last(environment, kind or (), json=json)
    return _search(
        environment,
        tuple(inputs or ("-",)),
        kind or (),
        follow=follow,
        candidates=candidates,
        json=json,
        quiet=quiet,
    )


def _is_piped(stdin: BinaryIO | None) -> bool:
    """Whether something may come by stdin; cron and CI give /dev/null instead."""
    if stdin is None or stdin.isatty():
        return False
    try:
        return not os.path.samestat(os.fstat(stdin.fileno()), Path(os.devnull).stat())
    except OSError:  # no descriptor behind it
        return True


def _make(environment: Environment, *, json: bool) -> int:
    identifier = environment.new_hex_id()
    if not json:
        environment.stdout.write(f"{identifier}\n")
        return ExitStatus.OK
    from stt_cli.ids.finding import Finding
    from stt_cli.ui.found_ids import IdArray

    array = IdArray(environment)
    array.show(Finding(identifier, "session", "new", None, None, "", "new"))
    array.end()
    return ExitStatus.OK


def _search(
    environment: Environment,
    inputs: tuple[str, ...],
    kinds: Iterable[str],
    *,
    follow: bool,
    candidates: bool,
    json: bool,
    quiet: bool,
) -> int:
    from stt_cli.workflows.find_ids import IdSearch, chosen_kinds, find_ids

    wanted = chosen_kinds(tuple(kinds))
    search = IdSearch(
        inputs,
        wanted,
        follow=follow,
        details=json or candidates,
        candidates=candidates,
    )
    view = _view(environment, wanted, json=json, with_place=candidates)
    try:
        return _show(environment, find_ids(search, environment), view, quiet=quiet)
    except KeyboardInterrupt:
        if not follow:
            raise
        return ExitStatus.INTERRUPTED  # Ctrl-C is how following ends
    finally:
        view.end()


def _show(
    environment: Environment,
    items: Iterable[Finding | Notice | Unread],
    view: IdLines | IdArray,
    *,
    quiet: bool,
) -> int:
    from stt_cli.ids.finding import Finding
    from stt_cli.workflows.material import Unread

    status: int = ExitStatus.OK
    for item in items:
        if isinstance(item, Finding):
            view.show(item)
        elif isinstance(item, Unread):
            status = status or item.error.exit_status
            _print_error(environment, item.error)
        elif not quiet:
            from stt_cli.ui.reporter import Reporter

            Reporter(environment).warning(item.message, item.hint)
    return status


def _show_last(environment: Environment, kinds: Iterable[str], *, json: bool) -> int:
    from stt_cli.ledger import open_ledger
    from stt_cli.settings import Settings
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.find_ids import chosen_kinds, last_ids

    wanted = chosen_kinds(tuple(kinds))
    reporter = Reporter(environment)
    view = _view(environment, wanted, json=json)
    try:
        with open_ledger(
            environment,
            Settings.load(environment),
            warn=lambda notice: reporter.warning(notice.message, notice.hint),
        ) as ledger:
            for finding in last_ids(ledger.recent(_LOOK_BACK), wanted):
                view.show(finding)
    finally:
        view.end()
    return ExitStatus.OK


def _view(
    environment: Environment,
    kinds: frozenset[str],
    *,
    json: bool,
    with_place: bool = False,
) -> IdLines | IdArray:
    from stt_cli.ui.found_ids import IdArray, IdLines

    return (
        IdArray(environment)
        if json
        else IdLines(environment, kinds, with_place=with_place)
    )


def _print_error(environment: Environment, error: SttError) -> None:
    from stt_cli.ui.errors import print_error

    print_error(error, environment)
