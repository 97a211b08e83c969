"""What every command sets up first: settings, ledger, stderr and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.options import ServiceChoice

if TYPE_CHECKING:
    from stt_cli.core.events import Notice
    from stt_cli.ledger import Ledger
    from stt_cli.providers.base import ProviderContext
    from stt_cli.providers.spec import Capability, ProviderSpec
    from stt_cli.settings import Settings
    from stt_cli.ui.logging import RunLog
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.jobs.context import JobContext


@dataclass
class Run:
    """One command's run. What a command does not touch is never loaded."""

    environment: Environment
    reporter: Reporter
    choice: ServiceChoice
    log: Callable[[str], None]

    @cached_property
    def settings(self) -> Settings:
        """The user's settings. Raises ``ConfigurationError``."""
        from stt_cli.settings import Settings

        return Settings.load(self.environment, profile=self.choice.profile)

    @cached_property
    def default_formats(self) -> tuple[str, ...]:
        """How results are written where neither ``-f`` nor ``-o`` says it.

        Raises:
            UsageError: the setting names no format.
        """
        from stt_cli.formats.registry import format_names

        setting = self.settings.value("format")
        return format_names(setting.value) if setting else ("text",)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger; one that cannot be kept says so once and keeps nothing."""
        from stt_cli.ledger import open_ledger

        return open_ledger(
            self.environment,
            self.settings,
            warn=self._warn,
        )

    @cached_property
    def spec(self) -> ProviderSpec:
        """The provider that the user chose, or that the settings name."""
        from stt_cli.providers.registry import provider_spec

        return provider_spec(self.settings.provider_name(self.choice.provider))

    def context(
        self, spec: ProviderSpec, purpose: Capability | None = None
    ) -> ProviderContext:
        """Return what the provider works with.

        Args:
            purpose: the one thing that is asked of it; it may need no credentials.

        Raises:
            CredentialsError, ConfigurationError: something it needs is missing.
        """
        choice = self.choice
        if purpose not in spec.without_needs:
            self.settings.require(spec, choice.endpoint)
        return self.settings.context_for(
            spec,
            endpoint=choice.endpoint,
            insecure=choice.insecure,
            cluster=choice.cluster,
            log=self.log,
            warn=self._warn,
        )

    def jobs(self) -> JobContext:
        """Return what job commands work with. Use as a context."""
        from stt_cli.workflows.jobs.context import JobContext

        return JobContext(
            self.environment,
            self.settings,
            self.ledger,
            endpoint=self.choice.endpoint,
            insecure=self.choice.insecure,
            cluster=self.choice.cluster,
            log=self.log,
            warn=self._warn,
        )

    def _warn(self, notice: Notice) -> None:
        self.reporter.warning(notice.message, notice.hint)


@contextmanager
def start_run(
    environment: Environment,
    choice: ServiceChoice,
    *,
    quiet: bool = False,
    verbose: int = 0,
    log_file: str | None = None,
) -> Iterator[Run]:
    """Set up a run and close what it opened, whatever happens in between."""
    from stt_cli.ui.reporter import Reporter

    def say(line: str) -> None:
        reporter.screen.say(line)  # above what is being drawn

    def lost(fault: OSError) -> None:
        reporter.warning(
            f"cannot write the log file {log_file}: {fault.strerror}",
            "the run continues without it",
        )

    with _open_log(environment, log_file, say if verbose else None, lost) as log:
        reporter = Reporter(
            environment, quiet=quiet, verbose=verbose, log=log.file_line
        )
        run = Run(replace(environment, log=log.line), reporter, choice, log.line)
        try:
            yield run
        finally:
            if "ledger" in run.__dict__:
                run.ledger.close()


@contextmanager
def _open_log(
    environment: Environment,
    path: str | None,
    say: Callable[[str], None] | None,
    lost: Callable[[OSError], None],
) -> Iterator[RunLog]:
    from stt_cli.ui.logging import RunLog

    try:
        log = RunLog.open(environment, path, say, lost)
    except OSError as fault:
        raise ConfigurationError(
            f"cannot write the log file {path}: {fault.strerror}",
            hint="choose a different --log-file",
        ) from fault
    try:
        yield log
    finally:
        log.close()
