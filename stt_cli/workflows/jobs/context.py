"""What job commands work with: providers, the ledger and this machine's jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Lock

from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    ConfigurationError,
    NotFoundError,
    SttError,
    UsageError,
)
from stt_cli.core.events import Notice
from stt_cli.core.job import Job
from stt_cli.ids.argument import id_from
from stt_cli.ledger import WHOSE, Ledger, LedgerQuery, Operation, OperationRecorder
from stt_cli.providers.base import Provider
from stt_cli.providers.registry import provider_spec, provider_specs
from stt_cli.providers.spec import Capability, ProviderSpec
from stt_cli.settings import Settings
from stt_cli.workflows.jobs.local_jobs import LocalJobs, is_local

SUBMIT = "batch submit"
"""The ledger's name for what made a job."""


@dataclass(frozen=True, slots=True)
class JobAddress:
    """Where a job is: its provider, the base address it was sent to, its operation."""

    provider: str
    endpoint: str | None = None
    operation: Operation | None = None


NOT_FOUND = "not found"
"""How the operation of a job ends that its service does not know any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which service a job was made at, or was asked for at."""

    endpoint: str | None = None
    region: str | None = None
    profile: str | None = None
    machine: tuple[tuple[str, str], ...] = ()
    """Host and user of a job that this machine works at, in a shared ledger."""

    def __str__(self) -> str:
        if self.machine:
            return " as ".join(value for _, value in self.machine)
        where = self.endpoint or (f"the region {self.region}" if self.region else "")
        account = f"the profile {self.profile}" if self.profile else ""
        known = " with ".join(part for part in (where, account) if part)
        return known or "the service's own address"


def place_of(operation: Operation) -> Place:
    """Return where a job was made, as it was written down then."""
    facts = operation.facts
    if is_local(job_id_of(operation) or ""):
        return Place(machine=tuple((n, facts[n]) for n in WHOSE if n in facts))
    return Place(facts.get("endpoint"), facts.get("region"), facts.get("profile"))


def is_where_made(made: Place, asked: Place) -> bool:
    """Whether a service that does not know a job is the one that made it.

    An address of its own counts alone: which region is set then means nothing.
    """
    if (made.endpoint, made.profile) != (asked.endpoint, asked.profile):
        return False
    if made.endpoint is None and made.region != asked.region:
        return False
    return not made.machine or made.machine == asked.machine


class JobContext:
    """One command's providers, opened when they are needed. Use as a context.

    Args:
        endpoint: the address that the user named, for every provider.
        cluster: the Dask cluster that the user named, for providers that use one.
        log: takes lines for ``--log-file`` and ``-v``.
        warn: tells the user what is to be known of the settings.
    """

    def __init__(
        self,
        environment: Environment,
        settings: Settings,
        ledger: Ledger,
        *,
        endpoint: str | None = None,
        insecure: bool = False,
        cluster: str | None = None,
        log: Callable[[str], None] = lambda _line: None,
        warn: Callable[[Notice], None] = lambda _notice: None,
    ) -> None:
        self.environment = environment
        self.settings = settings
        self.ledger = ledger
        self.local_jobs = LocalJobs(environment)
        self._endpoint = endpoint
        self._insecure = insecure
        self._cluster = cluster
        self.workers = 1
        """How many recordings are worked on at once."""
        self._log = log
        self._warn = warn
        self._open: dict[tuple[str, str | None], Provider] = {}
        self._operations: dict[str, Operation | None] = {}
        self._noted: dict[str, str] = {}
        self._lock = Lock()

    def __enter__(self) -> JobContext:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every provider, and end this process's hold of local jobs."""
        with self._lock:
            providers = list(self._open.values())
            self._open.clear()
        for provider in providers:
            provider.close()
        self.local_jobs.close()

    def endpoint_of(self, spec: ProviderSpec) -> str | None:
        """Return the base address that requests to a provider go to, if named."""
        return self.settings.endpoint(spec, self._endpoint)

    def spec(self, chosen: str | None) -> ProviderSpec:
        """Return the spec of the provider chosen, else set, else ``local``."""
        return provider_spec(self.settings.provider_name(chosen))

    def provider(self, spec: ProviderSpec, endpoint: str | None = None) -> Provider:
        """Return a provider ready to work; the same one for the same address.

        Raises:
            CredentialsError, ConfigurationError: something it needs is missing.
        """
        endpoint = self._endpoint or endpoint
        with self._lock:
            known = self._open.get((spec.name, endpoint))
            if known is None:
                self.settings.require(spec, endpoint)
                context = self.settings.context_for(
                    spec,
                    endpoint=endpoint,
                    insecure=self._insecure,
                    cluster=self._cluster,
                    log=self._log,
                    warn=self._warn,
                )
                known = spec.open(context)
                self._open[(spec.name, endpoint)] = known
            return known

    def choose_workers(self, chosen: int | None, specs: Iterable[ProviderSpec]) -> int:
        """Return, and keep, how many recordings to work on at once.

        That is what the user chose; else what the local engine finds room for, on
        this machine or its cluster, where all the work is its own; else one.
        """
        different = list({spec.name: spec for spec in specs}.values())
        if chosen is None and len(different) == 1 and different[0].is_local:
            chosen = self.provider(different[0]).side_by_side()
        self.workers = chosen or 1
        return self.workers

    def address_of(self, job_id: str, chosen: str | None) -> JobAddress:
        """Return where a job is: as chosen, else as the ledger says, else as set.

        The address is the one it was submitted to, unless another is named.

        Raises:
            NotFoundError: nothing tells which provider has the job.
        """
        operation = self.operation_of(job_id)
        if is_local(job_id):
            name = (
                operation.provider
                if operation
                else self.local_jobs.get(job_id).job.provider
            )
            return JobAddress(name, operation=operation)
        if operation is not None and chosen in (None, operation.provider):
            return JobAddress(
                operation.provider, operation.facts.get("endpoint"), operation
            )
        name = chosen or self.settings.provider_name(None)
        if chosen is None and not provider_spec(name).can(Capability.BATCH):
            raise NotFoundError(  # nobody knows the ID, so support cannot use it
                f"unknown job {job_id}",
                hint="if the job exists at a service, name the provider with -p",
            )
        return JobAddress(name)

    def job_ids(self, typed: Iterable[str]) -> list[str]:
        """Return the IDs of the jobs that were typed or pasted, each once.

        One that the ledger knows is written as it was submitted, with its dashes.
        """
        found: dict[str, None] = {}
        for text in typed:
            wanted = id_from(text)
            operation = self.operation_of(wanted)
            known = job_id_of(operation) if operation else None
            if known is not None and _folded(known) == _folded(wanted):
                self._operations[known] = operation
                wanted = known
            found[wanted] = None
        return list(found)

    def operation_of(self, job_id: str) -> Operation | None:
        """Return a job's operation in the ledger, as it was when first asked for."""
        if job_id not in self._operations:
            self._operations[job_id] = self.ledger.find(job_id)
        return self._operations[job_id]

    def require_ledger(self) -> None:
        """Raise ``ConfigurationError`` where nothing is known of earlier runs.

        An empty answer would say that nothing is open, which nobody knows.
        """
        if not self.ledger.keeps:
            raise ConfigurationError(
                "the ledger is disabled, so earlier submissions are unknown",
                hint="set STT_LEDGER=on to enable it; `stt doctor` checks it",
            )

    def open_operations(self, provider: str | None = None) -> list[Operation]:
        """Return the user's unfinished submissions that have an ID, oldest first.

        Unfinished is a job until its transcripts were collected or its failure
        was told: that the service is done with it is not the end of it.
        """
        query = LedgerQuery(
            command=SUBMIT, provider=provider, open_only=True, facts=self.ledger.own
        )
        operations = {
            j: operation
            for operation in self.ledger.search(query)
            if (j := job_id_of(operation))
        }
        self._operations |= operations
        return list(operations.values())[::-1]

    def note_state(self, operation: Operation | None, job: Job) -> None:
        """Write into the ledger where a job stands; its operation stays open.

        One that was cut off before it was a job stays as it is, for `batch resume`.
        One that a service did not know, wherever that was, is open again.
        """
        if operation is None or job_id_of(operation) is None:
            return
        if operation.status == NOT_FOUND and not operation.is_open:
            self.recorder_of(operation).reopen(str(job.state))
            operation = replace(operation, ended=None, status=str(job.state))
            self._operations |= {
                job_id: operation
                for job_id, known in self._operations.items()
                if known is not None and known.key == operation.key
            }
        if not operation.is_open:
            return
        if self._noted.get(operation.key, operation.status) != str(job.state):
            self.recorder_of(operation).set_job_status(str(job.state), job.error)
        self._noted[operation.key] = str(job.state)

    def collected(self, job: Job) -> None:
        """End the operation of a job whose result is where the user wanted it.

        Only now, and not when the service is done: a process killed in between
        leaves the job to the next ``poll --all``.
        """
        operation = self.operation_of(job.id)
        if operation is not None and _is_open_job(operation) and job.state.is_final:
            self.recorder_of(operation).finish(str(job.state), error=job.error)

    def not_found(
        self, job_id: str, operation: Operation | None, error: SttError
    ) -> None:
        """End the operation of a job that exists no more.

        Only the service that made a job knows that: where another was asked, the
        operation stays open and the error says so.
        """
        if operation is None or not _is_open_job(operation):
            return
        made, asked = place_of(operation), self._asked_at(operation)
        if is_where_made(made, asked):
            if job_id_of(operation) == job_id:
                self.recorder_of(operation).finish(NOT_FOUND, error=error)
        else:
            error.hint = (
                f"the job was submitted to {made}, not to {asked}; it stays open"
            )

    def deleted(self, operation: Operation) -> None:
        """End the operation of a job that was deleted where it was made.

        Azure answers 204 for a job that it has never heard of as well.
        """
        if is_where_made(place_of(operation), self._asked_at(operation)):
            self.recorder_of(operation).finish("deleted")

    def _asked_at(self, operation: Operation) -> Place:
        spec = provider_spec(operation.provider)
        if is_local(job_id_of(operation) or ""):
            return Place(machine=self.ledger.own)
        context = self.provider(spec, operation.facts.get("endpoint")).context
        return Place(
            context.endpoint, context.values.get("region"), self.settings.profile
        )

    def recorder_of(self, operation: Operation) -> OperationRecorder:
        """Return what goes on recording an operation."""
        return self.ledger.recorder(operation.key)


def has_jobs(spec: ProviderSpec) -> bool:
    """Whether a provider has jobs: its service's, or ours."""
    return spec.can(Capability.BATCH) or spec.can(Capability.OWN_JOBS)


def require_jobs(spec: ProviderSpec) -> None:
    """Raise ``UsageError`` unless the provider has jobs of either kind."""
    if not has_jobs(spec):
        raise UsageError(
            f"{spec.name} does not support jobs",
            hint=f"use `stt recognize -p {spec.name}`, or a provider that does: "
            f"{', '.join(one.name for one in provider_specs() if has_jobs(one))}",
        )


def job_id_of(operation: Operation) -> str | None:
    """Return the ID of the job that an operation submitted, once it is known."""
    return operation.facts.get("job_id")


def _folded(job_id: str) -> str:
    return job_id.replace("-", "").casefold()


def _is_open_job(operation: Operation) -> bool:
    return operation.is_open and job_id_of(operation) is not None


def name_of(context: JobContext, job_id: str) -> str | None:
    """Return the recording that a job was made of, where the ledger knows it."""
    operation = context.operation_of(job_id)
    return operation.input or None if operation is not None else None
