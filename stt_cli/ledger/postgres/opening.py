"""A ledger that a team shares: opening it, and whose its rows are."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING

from stt_cli.core.database_address import passwords_in, shown_address
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.events import Notice
from stt_cli.core.secret import Secret, mask_secrets
from stt_cli.ledger.store import LedgerStore, NullStore, StoreError

if TYPE_CHECKING:
    from stt_cli.ledger.postgres.store import PostgresStore

# GitLab, Jenkins, CircleCI, Buildkite, Drone and Woodpecker, as each documents them.
_CI_PAGES = (
    "CI_JOB_URL",
    "BUILD_URL",
    "CIRCLE_BUILD_URL",
    "BUILDKITE_BUILD_URL",
    "DRONE_BUILD_LINK",
    "CI_PIPELINE_URL",
)
_GITHUB = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
_USER_VARIABLES = ("LOGNAME", "USER", "USERNAME")


def open_shared(
    address: str, environment: Environment
) -> tuple[LedgerStore, Notice | None]:
    """Open a shared ledger, or say why nothing is kept.

    Raises:
        ConfigurationError: the address is none, or the extra is not installed.
    """
    try:
        return connected(address, environment), None
    except StoreError as fault:
        return NullStore(), Notice(
            f"cannot use the ledger {shown_address(address)}: {fault}; this run is "
            "not recorded",
            hint="`stt doctor` checks it; STT_LEDGER=off disables it",
        )


def connected(address: str, environment: Environment) -> PostgresStore:
    """Return the store; its password is masked from now on.

    Raises:
        ConfigurationError: the address is none, or the extra is not installed.
        StoreError: there is no way to the database, or no right to use it.
    """
    for secret in passwords_in(address):
        environment.redactor.register(secret)
    try:
        from stt_cli.ledger.postgres.store import PostgresStore
    except ImportError as fault:
        raise ConfigurationError(
            f"a ledger at {shown_address(address)} requires the package psycopg",
            hint="run `pip install 'stt-cli[postgres]'`",
        ) from fault
    try:
        store = PostgresStore(address, environment.sleep)
    except ValueError as fault:
        raise ConfigurationError(
            f"invalid ledger URL {shown_address(address)}: {fault}",
            hint="use postgresql://user:password@host:port/database; in the "
            "password, encode @ as %40, / as %2F and : as %3A",
        ) from fault
    environment.redactor.register(Secret(store.password))
    return store


def origin(environment: Environment) -> dict[str, str]:
    """Return where a run comes from: machine, user and job of a CI system."""
    # The name alone: what follows a dot changes with the network of a laptop.
    host = platform.node().partition(".")[0] or "unknown"
    job = _ci_job(environment.variables)
    return {
        "host": host,
        "user": _user(environment),
        **({"ci_job": mask_secrets(job)} if job else {}),
    }


def _ci_job(variables: Mapping[str, str]) -> str | None:
    """Return the page of the CI job that this is a part of, as its system names it."""
    github = [variables.get(name) for name in _GITHUB]
    if all(github):
        return "{}/{}/actions/runs/{}".format(*github)
    return next((v for name in _CI_PAGES if (v := variables.get(name))), None)


def _user(environment: Environment) -> str:
    for name in _USER_VARIABLES:
        if environment.variables.get(name):
            return environment.variables[name]
    try:
        import pwd
    except ImportError:
        return "unknown"
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())  # a container's, that /etc/passwd does not know
