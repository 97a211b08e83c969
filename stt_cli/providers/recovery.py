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
    which = "this may be it" if len(candidates) == 1 else "one of these may be it"
    return UncertainError(
        f"whether {title} took {name} before the interruption is not known",
        hint=f"{which}: {shown}; `stt status ID -p {provider}` shows a job, "
        "`stt batch resume --again` submits the recording again",
        ids=interrupted.ids,
    )
