"""Requests that make something, sent until it is there and never twice.

They need a reference of ours by which the service can be asked for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from stt_cli.core.errors import STOPS, SttError, UncertainError, UnreachableError
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.retry import (
    REPEATABLE,
    Attempt,
    RetryPolicy,
    run_with_retries,
)

Made = TypeVar("Made")


def create_once(
    title: str,
    send: Callable[[], Made],
    find: Callable[[], Made | None],
    context: ProviderContext,
    policy: RetryPolicy = REPEATABLE,
) -> Made:
    """Make something, and never twice.

    When the answer to a request is lost, the thing may exist: before the request
    is sent again, ``find`` looks for it. Both are tried once a call; the retries
    are counted here.

    Raises:
        UncertainError: it may exist, and the service lets nobody look.
    """
    may_exist = False

    def once(_attempt: Attempt) -> Made:
        nonlocal may_exist
        found = _looked_up(title, find) if may_exist else None
        if found is not None:
            return found
        try:
            return send()
        except SttError as error:
            unsent = isinstance(error, UnreachableError) and error.before_request
            may_exist |= not (unsent or error.http_status == 429)
            raise

    return run_with_retries(once, policy, context.environment, context.log)


def _looked_up(title: str, find: Callable[[], Made | None]) -> Made | None:
    try:
        return find()
    except STOPS:
        raise
    except SttError as error:
        if error.transient:
            raise
        raise UncertainError(
            f"whether {title} took the request is not known: {error.message}",
            hint=error.hint,
            provider_code=error.provider_code,
            ids=error.ids,
        ) from error
