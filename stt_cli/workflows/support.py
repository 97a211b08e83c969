"""What a support case asks for, gathered from the ledger; nothing is sent.

Microsoft's support, for one, asks for the full request string, the full failed
response with its log IDs, and the percentage of requests that fail.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from stt_cli.core.environment import Environment
from stt_cli.core.errors import NotFoundError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.secret import mask_secrets
from stt_cli.core.timestamps import iso_utc
from stt_cli.formats.files import whole_file
from stt_cli.formats.json_output import json_document
from stt_cli.formats.support_report import (
    Failure,
    FailureShare,
    LogExcerpt,
    SupportId,
    SupportReport,
    render_support_report,
    write_support_bundle,
)
from stt_cli.ids.argument import id_from
from stt_cli.ledger import Ledger, LedgerQuery, Operation, open_ledger
from stt_cli.providers.registry import provider_spec
from stt_cli.providers.spec import ProviderSpec
from stt_cli.settings import Settings
from stt_cli.version import __version__
from stt_cli.workflows.installed import packages
from stt_cli.workflows.log_excerpt import log_excerpt

_NAMED = ("region", "transport", "language", "mode")
_SPANS_H = (24, 30 * 24)
_NOT_SENT = frozenset({"usage", "configuration", "output", "interrupted"})
"""Failures on this side, before or after the service had its say."""

_NO_FAILURE = frozenset({*_NOT_SENT, "nothing_found"})


class Listener(Protocol):
    """Who hears what the user should know beside the report."""

    def warning(self, message: str, hint: str | None = None) -> None:
        """Take something that may be wrong."""

    def notice(self, notice: Notice) -> None:
        """Take something worth knowing."""


@dataclass(frozen=True, slots=True)
class SupportRequest:
    """What a report is about: an operation with logs beside it, or files alone."""

    operation_id: str | None
    files: Sequence[str]
    logs: Sequence[str] = ()
    profile: str | None = None

    @classmethod
    def of(
        cls, words: Sequence[str], logs: Sequence[str], profile: str | None
    ) -> SupportRequest:
        """Tell the IDs of a command line from its files: a file exists.

        Raises:
            UsageError: there are several IDs.
        """
        files = [word for word in words if word == "-" or Path(word).exists()]
        ids = [word for word in words if word not in files]
        if len(ids) > 1:
            raise UsageError(
                f"a report covers one operation, but {len(ids)} IDs were given",
                hint="run `stt support` once for each ID; several files are fine",
            )
        return cls(ids[0] if ids else None, files, logs, profile)


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report, made at that time, as Markdown and as a JSON document."""

    made: str
    text: str
    document: str
    logs: Sequence[LogExcerpt] = ()

    def save(self, path: str, *, force: bool) -> None:
        """Write report and log lines to an archive that only the user can read."""
        with whole_file(path, force=force, private=True) as file:
            write_support_bundle(file, self.made, self.text, self.document, self.logs)


def write_report(
    request: SupportRequest, environment: Environment, listener: Listener
) -> WrittenReport:
    """Return the report on an operation of the ledger, or on what files hold.

    Raises:
        NotFoundError: there is no such operation.
        NothingFoundError: the files have no IDs.
    """
    files = (*request.files, *request.logs)
    if request.files and request.operation_id is None:
        return _report_on_files(files, environment, listener)
    return _report_on_operation(request, files, environment, listener)


def _report_on_files(
    files: Sequence[str], environment: Environment, listener: Listener
) -> WrittenReport:
    from stt_cli.formats.support_case import render_support_case
    from stt_cli.workflows.support_case import support_case

    case = support_case(
        files, environment, lambda notice: listener.warning(notice.message, notice.hint)
    )
    document = json_document(case.to_dict())
    return WrittenReport(case.made, render_support_case(case), document)


def _report_on_operation(
    request: SupportRequest,
    logs: Sequence[str],
    environment: Environment,
    listener: Listener,
) -> WrittenReport:
    settings = Settings.load(environment, profile=request.profile)
    with open_ledger(
        environment,
        settings,
        warn=lambda notice: listener.warning(notice.message, notice.hint),
    ) as ledger:
        row = operation_of(ledger, request.operation_id)
        ids = [one.value for one in row.learned]
        if logs:
            mask_secrets_of(row.provider, settings)
        excerpts = [log_excerpt(name, ids, environment) for name in logs]
        report = support_report(row, ledger, environment, excerpts)
    if "host" in row.facts:
        # A vendor need not know it, who reads a shared ledger does.
        where = f"{row.facts['host']} as {row.facts.get('user', 'unknown user')}"
        listener.notice(
            Notice(f"this operation ran on {where}; the report does not say so")
        )
    document = json_document(report.to_dict())
    text = render_support_report(report)
    return WrittenReport(report.made, text, document, report.logs)


def operation_of(ledger: Ledger, wanted: str | None) -> Operation:
    """Return the newest operation with that ID; without one, the user's last failed.

    Raises:
        NotFoundError: there is none.
    """
    if wanted is not None:
        row = ledger.find(id_from(wanted))
        if row is None:
            raise NotFoundError(
                f"no operation with the ID {wanted} in the ledger",
                hint="`stt history` lists operations; each machine has its own ledger",
            )
        return row
    for row in ledger.search(LedgerQuery(facts=ledger.own)):
        if row.error_code and row.error_code not in _NOT_SENT:
            return row
    raise NotFoundError(
        "no failed operation in the ledger",
        hint="pass an ID; `stt history` lists operations",
    )


def support_report(
    row: Operation,
    ledger: Ledger,
    environment: Environment,
    logs: Sequence[LogExcerpt] = (),
) -> SupportReport:
    """Return the report on one operation; every text has passed the redactor."""
    clean = environment.redactor.clean
    spec = _spec(row.provider)
    facts = {name: clean(value) for name, value in row.facts.items()}
    offset = facts.get("clock_offset")
    return SupportReport(
        made=iso_utc(environment.now()) or "",
        command=row.command,
        provider=row.provider,
        title=spec.title if spec else row.provider,
        status=row.status,
        started=row.started,
        ended=row.ended,
        seconds=_seconds(row),
        ids=tuple(
            SupportId(one.kind, clean(one.value), one.learned_at)
            # The vendor's come first: ours was never sent.
            for one in sorted(row.learned, key=lambda one: one.kind == "run_id")
        ),
        facts={
            "endpoint": _endpoint(facts),
            **{name: facts.get(name) for name in _NAMED},
        },
        request=facts.get("request"),
        answer=facts.get("answer"),
        answered=facts.get("answered"),
        failure=_failure(row, facts.get("provider_code"), clean),
        clock_offset=float(offset) if offset else None,
        shares=failure_shares(row.provider, ledger, environment.now()),
        versions=row.versions,
        versions_now=versions_now(),
        packages=_packages(),
        send_to=_send_to(spec),
        logs=tuple(logs),
    )


def mask_secrets_of(provider: str, settings: Settings) -> None:
    """Let the redactor know the provider's secrets, wherever they stand.

    An SDK's log may show a key in a form that does not look like one. Raises
    ``ConfigurationError`` where the keyring is locked: better no report.
    """
    spec = _spec(provider)
    if spec is None:
        return
    for setting in spec.settings:
        if setting.secret:
            settings.origins(spec, setting.name)


def failure_shares(
    provider: str, ledger: Ledger, now: datetime
) -> tuple[FailureShare, ...]:
    """Return how many operations with a provider failed: of a day, of 30 days.

    Counted are those that ended, except what was cancelled or went wrong on this
    side. Hearing no speech is an answer, not a failure.
    """
    since = now - timedelta(hours=max(_SPANS_H))
    counted = [
        row
        for row in ledger.search(LedgerQuery(provider=provider, since=since, bare=True))
        if _counts(row)
    ]
    return tuple(
        _share(hours, (r for r in counted if r.started_at >= _ago(now, hours)))
        for hours in _SPANS_H
    )


def _ago(now: datetime, hours: int) -> datetime:
    return now - timedelta(hours=hours)


def _counts(row: Operation) -> bool:
    if row.is_open or row.status == "cancelled" or row.error_code in _NOT_SENT:
        return False
    # Audio that cannot be read never left; audio that was refused has a status.
    return row.error_code != "audio" or row.http_status is not None


def _share(hours: int, rows: Iterable[Operation]) -> FailureShare:
    kinds: Counter[str] = Counter()
    total = 0
    for row in rows:
        total += 1
        if row.error_code and row.error_code not in _NO_FAILURE:
            kinds[row.error_code] += 1
    ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    return FailureShare(hours, sum(kinds.values()), total, tuple(ordered))


def _failure(
    row: Operation, provider_code: str | None, clean: Callable[[str], str]
) -> Failure | None:
    if row.error_code is None:
        return None
    message = clean(row.error or "")
    return Failure(row.error_code, message, row.http_status, provider_code)


def _seconds(row: Operation) -> float | None:
    if row.ended is None:
        return None
    ended = datetime.fromisoformat(row.ended)
    return round((ended - row.started_at).total_seconds(), 3)


def _endpoint(facts: dict[str, str]) -> str | None:
    """Return where it went: as it was named, else as the request has it."""
    if "endpoint" in facts:
        return mask_secrets(facts["endpoint"])
    _, _, url = facts.get("request", "").partition("\n")[0].partition(" ")
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].partition("?")[0]
    return f"{scheme}://{host}" if host else None


def versions_now() -> str:
    """Return the versions of stt, Python and the system that run now."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"stt {__version__}, Python {platform.python_version()}, {system}"


def _packages() -> dict[str, str]:
    import ssl

    found = {each.name: each.version for each in packages() if each.version}
    return {**found, "TLS": ssl.OPENSSL_VERSION}


def _send_to(spec: ProviderSpec | None) -> str:
    if spec is None:
        return "that service's support"
    if spec.support:
        return f"{spec.title}: {spec.support}"
    if spec.is_local:
        return "nowhere: stt did this on this machine, without a service"
    return f"{spec.title} support, from the account that owns the key"


def _spec(name: str) -> ProviderSpec | None:
    """Return the provider's spec; a package may have been removed since."""
    try:
        return provider_spec(name)
    except SttError:
        return None
