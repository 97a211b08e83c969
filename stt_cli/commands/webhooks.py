"""``stt webhooks``: register, list, try and remove the web hooks of an account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import CommonOptions, Json
from stt_cli.core.plain_text import one_line

if TYPE_CHECKING:
    from stt_cli.providers.base import Provider
    from stt_cli.ui.run import Run

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

_Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="Webhook IDs.", show_default=False),
]


@app.callback(
    epilog=examples(
        "stt webhooks create https://me.example/stt -p azure",
        "stt webhooks list -p azure",
    )
)
def webhooks() -> None:
    """Create, list, test and delete a service's webhooks.

    `stt poll --webhook HOST:PORT` receives their notifications.
    """


@app.command(epilog=examples("stt webhooks create https://me.example/stt -p azure"))
@with_option_groups
def create(
    ctx: typer.Context,
    *,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="URL for the service to notify.")
    ],
    event: Annotated[
        list[str] | None,
        typer.Option(
            "--event",
            metavar="NAME",
            autocompletion=values.webhook_events,
            help="Event to notify about, such as transcriptionCompletion. May be "
            "repeated.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="Name for the webhook.")
    ] = None,
    common: CommonOptions,
    json_output: Json = False,
) -> None:
    """Create a webhook and print its ID.

    Notifications are signed with AZURE_SPEECH_WEBHOOK_SECRET or
    WATSON_CALLBACK_SECRET, if set. The service sends a challenge first, so the
    receiver must already be running. Watson only notifies about jobs submitted with
    --webhook-url, and cannot list its webhooks.
    """
    with _service(ctx, common) as (run, service):
        made = service.create_webhook(url, event or (), name)
        if json_output:
            _print_json([made.to_dict()], run)
        else:
            run.reporter.result(one_line(made.id) + "\n")


@app.command("list", epilog=examples("stt webhooks list -p azure --json"))
@with_option_groups
def list_(
    ctx: typer.Context,
    *,
    common: CommonOptions,
    json_output: Json = False,
) -> None:
    """List the account's webhooks."""
    from stt_cli.ui.tables import Column, print_table

    with _service(ctx, common) as (run, service):
        found = list(service.webhooks())
        if json_output:
            _print_json([hook.to_dict() for hook in found], run)
            return
        columns = (
            Column("ID", whole=True),
            Column("State"),
            Column("URL"),
            Column("Events", style="dim"),
        )
        rows = (
            [hook.id, hook.state, hook.url, ", ".join(hook.events)] for hook in found
        )
        print_table(columns, rows, run.environment, paged=True)


@app.command(epilog=examples("stt webhooks ping ID -p azure"))
@with_option_groups
def ping(
    ctx: typer.Context,
    *,
    ids: _Ids,
    common: CommonOptions,
) -> None:
    """Ask the service to ping webhooks."""
    with _service(ctx, common) as (_, service):
        for webhook_id in ids:
            service.call_webhook(webhook_id, "ping")


@app.command("test", epilog=examples("stt webhooks test ID -p azure"))
@with_option_groups
def try_out(
    ctx: typer.Context,
    *,
    ids: _Ids,
    common: CommonOptions,
) -> None:
    """Ask the service to send a test event of each kind to webhooks."""
    with _service(ctx, common) as (_, service):
        for webhook_id in ids:
            service.call_webhook(webhook_id, "test")


@app.command(epilog=examples("stt webhooks delete ID -p azure"))
@with_option_groups
def delete(
    ctx: typer.Context,
    *,
    ids: _Ids,
    common: CommonOptions,
) -> None:
    """Delete webhooks."""
    with _service(ctx, common) as (_, service):
        for webhook_id in ids:
            service.delete_webhook(webhook_id)


@contextmanager
def _service(
    ctx: typer.Context, common: CommonOptions
) -> Iterator[tuple[Run, Provider]]:
    from stt_cli.providers.spec import Capability
    from stt_cli.workflows.deadline import deadline

    with common.start(ctx) as run, run.jobs() as context, deadline(common.timeout):
        run.spec.require(Capability.WEBHOOKS)
        yield run, context.provider(run.spec)


def _print_json(objects: list[dict[str, object]], run: Run) -> None:
    from stt_cli.ui.tables import print_json

    print_json(objects, run.environment)
