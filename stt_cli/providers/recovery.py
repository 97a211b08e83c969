"""How a provider says that the outcome of an earlier attempt cannot be found out."""

from __future__ import annotations

from collections.abc import Sequence

from stt_cli.core.errors import UncertainError
from stt_cli.core.interrupted import InterruptedSubmission

_MOST_NAMED = 5


def uncertain(
    title: str,
    provider: str,
    name: str,
    interrupted: InterruptedSubmission,
    candidates: Sequence[str],
) -> UncertainError:
    """Return the error; any of ``candidates``, job IDs, may be the recording's."""
    shown = ", ".join(candidates[:_MOST_NAMED])
    more = len(candidates) - _MOST_NAMED
    if more > 0:
        shown += f" and {more} more"
    which = (
        "this may be the job" if len(candidates) == 1 else "one of these may be the job"
    )
    return UncertainError(
        f"cannot tell whether {title} received {name} before the interruption",
        hint=f"{which}: {shown}; check with `stt status ID -p {provider}`; to "
        "resubmit, run `stt batch resume --again`",
        ids=interrupted.ids,
    )
