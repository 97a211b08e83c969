"""The jobs that exist at a service, and our own of that provider; deletion."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from stt_cli.core.errors import NotFoundError
from stt_cli.core.job import Job
from stt_cli.core.options import JobQuery
from stt_cli.providers.base import Capability, ProviderSpec
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.jobs.desk import JobDesk, require_jobs
from stt_cli.workflows.jobs.own_jobs import is_own


def list_jobs(desk: JobDesk, spec: ProviderSpec, query: JobQuery) -> Iterator[Job]:
    """Yield a provider's jobs: those kept here first, then the service's."""
    require_jobs(spec)
    return islice(_all(desk, spec, query), query.limit)


def delete_job(desk: JobDesk, job_id: str, chosen: str | None) -> None:
    """Remove a job and its results, and end its row of the ledger.

    Raises:
        NotFoundError: there is no such job.
    """
    place = desk.place_of(job_id, chosen)
    try:
        if is_own(job_id):
            desk.own.delete(job_id)
        else:
            spec = provider_spec(place.provider)
            require_jobs(spec)
            desk.provider(spec, place.endpoint).delete_job(job_id)
    except NotFoundError as error:
        desk.not_found(place.row, error)
        raise
    if place.row is not None:
        desk.entry_of(place.row).finish("deleted")


def _all(desk: JobDesk, spec: ProviderSpec, query: JobQuery) -> Iterator[Job]:
    if spec.can(Capability.OWN_JOBS):
        for job in desk.own.all(spec.name):
            if not query.states or str(job.state) in query.states:
                yield job
    if spec.can(Capability.BATCH):
        yield from desk.provider(spec).jobs(query)
