"""``stt doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

from itertools import chain
from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import SERVICE_PANEL, CommonOptions, JsonArray

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt doctor",
        "stt doctor -p azure",
        "stt doctor -p watson --endpoint http://127.0.0.1:8080 --json",
    )
)
@with_option_groups
def doctor(
    ctx: typer.Context,
    *,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            "-p",
            metavar="NAME",
            autocompletion=values.providers,
            help="Also check this provider: address, key, region and clock.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    common: CommonOptions,
    json: JsonArray = False,
) -> int:
    """Check this installation and, with -p, a provider.

    Exits with the code of the first failed check. Piped output is tab-separated:
    state, name, finding, hint.
    """
    from stt_cli.providers.registry import provider_spec
    from stt_cli.ui.findings import print_finding
    from stt_cli.ui.tables import print_json
    from stt_cli.workflows.doctor import (
        ServiceChoice,
        examine_installation,
        examine_service,
        verdict,
    )

    chosen = provider_spec(provider) if provider else None
    with common.start(ctx) as run:
        environment = run.environment
        checks = examine_installation(environment, common.profile)
        if chosen is not None:
            choice = ServiceChoice(
                chosen, common.endpoint, common.insecure, common.profile
            )
            checks = chain(checks, examine_service(environment, choice, run.log))
        found = []
        for check in checks:
            found.append(check)
            if not json:
                print_finding(check, environment)
        if json:
            listed = [check.to_dict() for check in found]
            print_json(listed, environment)
        return verdict(found)
