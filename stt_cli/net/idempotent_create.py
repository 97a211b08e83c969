"""Requests that make something, sent until it is there and never twice.

They need a reference of ours by which the service can be asked for it. A service
may go on with a request whose connection broke off, behind its gateway or after
our process died: so who finds nothing looks once more when that has settled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from stt_cli.core.address import is_loopback
from stt_cli.core.errors import INTERRUPTIONS, SttError, UncertainError
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.net.context import ServiceContext
from stt_cli.net.retry import (
    REPEATABLE,
    Attempt,
    RetryPolicy,
    run_with_retries,
    was_not_taken,
)

Made = TypeVar("Made")

_SETTLING = 3.0
"""Seconds until what broke off is there, or will not be. No service tells; it is
several times what a creation takes."""


def create_once(
    title: str,
    send: Callable[[], Made],
    find: Callable[[], Made | None],
    context: ServiceContext,
    policy: RetryPolicy = REPEATABLE,
) -> Made:
    """Make something, and never twice.

    When the answer to a request is lost, the thing may exist: before the request
    is sent again, ``find`` looks for it. Both are tried once a call; the retries
    are counted here.

    Raises:
        UncertainError: it may exist, and the service lets nobody look.
    """
    broke_off: float | None = None
    clock = context.environment.monotonic

    def once(_attempt: Attempt) -> Made:
        nonlocal broke_off
        if broke_off is not None:
            found = _find_twice(
                lambda: _looked_up(title, find), clock() - broke_off, context
            )
            if found is not None:
                return found
        try:
            return send()
        except SttError as error:
            if not was_not_taken(error):
                broke_off = clock()
            raise

    return run_with_retries(once, policy, context.environment, context.log)


def find_when_settled(
    look: Callable[[], Made | None],
    interrupted: InterruptedSubmission,
    context: ServiceContext,
) -> Made | None:
    """Return what an interrupted submission made, ``None`` once it is settled."""
    sent = interrupted.sent
    now = context.environment.now()
    age = _SETTLING if sent is None else max(0.0, (now - sent).total_seconds())
    return _find_twice(look, age, context)


def _find_twice(
    look: Callable[[], Made | None], age: float, context: ServiceContext
) -> Made | None:
    found = look()
    left = _SETTLING - age
    if found is not None or left <= 0 or _is_here(context):
        return found
    context.log(
        f"checking again in {left:.1f} s: the service may still be processing it"
    )
    context.environment.sleep(left)
    return look()


def _is_here(context: ServiceContext) -> bool:
    """Whether the service is on this machine: it knows when a connection breaks."""
    return context.endpoint is not None and is_loopback(
        urlsplit(context.endpoint).hostname or ""
    )


def _looked_up(title: str, find: Callable[[], Made | None]) -> Made | None:
    try:
        return find()
    except INTERRUPTIONS:
        raise
    except SttError as error:
        if error.transient:
            raise
        raise UncertainError(
            f"cannot tell whether {title} received the request: {error.message}",
            hint=error.hint,
            provider_code=error.provider_code,
            ids=error.ids,
        ) from error
