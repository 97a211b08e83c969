"""What the network needs to know of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from stt_cli.core.environment import Environment


class NetworkContext(Protocol):
    """What whoever sends gives: a provider's context, or one made for the purpose.

    With ``insecure`` secrets may leave in clear text. ``log`` takes lines for
    ``--log-file`` and ``-v``; they are redacted there.
    """

    @property
    def environment(self) -> Environment: ...

    @property
    def insecure(self) -> bool: ...

    @property
    def log(self) -> Callable[[str], None]: ...


class ServiceContext(NetworkContext, Protocol):
    """The same, with the base URL of the service where the user named one."""

    @property
    def endpoint(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PublicContext:
    """The context of requests that carry no secret of the user's."""

    environment: Environment
    insecure: bool = False

    @property
    def log(self) -> Callable[[str], None]:
        """The log of the run."""
        return self.environment.log
