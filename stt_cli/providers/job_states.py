"""Looking at many jobs: by the service's list where that is cheaper, else singly.

Lists come in pages and hold other jobs as well, in an
order that is documented nowhere. So a list is read on as long as it brings what
is wanted, and given up once it has cost in vain as many requests as asking
singly would: a look costs at most about twice the cheaper way, whatever is in
the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from stt_cli.core.errors import INTERRUPTIONS, SttError
from stt_cli.core.job import Job
from stt_cli.core.parallel import run_streams

Found = tuple[str, Job | SttError]

_AT_A_TIME = 8
"""How many jobs are asked after singly at a time."""


def states_by_list(
    job_ids: Sequence[str],
    listed: Callable[[], Iterable[tuple[str | None, Callable[[], Job]]]],
    ask: Callable[[str], Job],
    *,
    page_size: int,
    few: int = 1,
) -> Iterator[Found]:
    """Yield where each job stands; those that the list does not bring, singly.

    Args:
        listed: gives the IDs of the list's jobs, whosever they are, page by page,
            and what reads the job.
        page_size: how many jobs one request of the list brings.
        few: up to so many jobs are asked after singly at once.

    A list that fails is the failure of every job that it has not brought yet.
    """
    missing = set(job_ids)
    if len(missing) > few:
        in_vain = 0
        try:
            for job_id, read in listed():
                in_vain += 1
                if job_id is not None and job_id in missing:
                    missing.discard(job_id)
                    in_vain = 0
                    yield job_id, _asked(read)
                if not missing or in_vain >= page_size * len(missing):
                    break
        except INTERRUPTIONS:
            raise
        except SttError as error:
            # Each gets its own: the IDs of its job are added to it.
            yield from ((job_id, error.copied()) for job_id in sorted(missing))
            return
    left = [job_id for job_id in dict.fromkeys(job_ids) if job_id in missing]
    yield from states_singly(left, ask)


def states_singly(
    job_ids: Sequence[str], ask: Callable[[str], Job], at_a_time: int = _AT_A_TIME
) -> Iterator[Found]:
    """Yield where each job stands as the answers come, several asked at a time."""
    if len(job_ids) <= 1:
        for job_id in job_ids:
            yield job_id, _asked(partial(ask, job_id))
        return

    def stream(job_id: str) -> Iterator[Found]:
        yield job_id, _asked(partial(ask, job_id))

    streams = [partial(stream, job_id) for job_id in job_ids]
    # Nothing is lost where an answer is not waited for after an interruption.
    yield from run_streams(streams, at_a_time, farewell=0)


def _asked(ask: Callable[[], Job]) -> Job | SttError:
    try:
        return ask()
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return error
