"""Every failure the user is meant to understand, with its exit code.

SttError
├── UnexpectedError       1  a fault of this program, met at one of several inputs
├── UsageError            2  the command line is wrong
├── ConfigurationError    2  a config file or a setting is wrong
├── OutputError           2  the result cannot be written where it should go
├── NothingFoundError     3  nothing was recognized, or no ID was found
├── CredentialsError      4  a key or token is missing, wrong or expired
├── QuotaError            4  the quota or the balance is used up
├── NotFoundError         5  no such session, transcription, job, voice or model
├── JobFailedError        6  the provider says that the job failed
├── OutOfTimeError        7  time ran out before the result
├── UnreachableError      8  the provider could not be reached or broke off
├── UncertainError        8  whether a submission was taken cannot be found out
├── ProviderError         8  the provider answered with a fault of its own
├── RateLimitedError      9  the provider asks to slow down
├── AudioError           10  the audio cannot be read or is not taken
├── ScoreError           11  a word error rate is above the limit that was set
└── InterruptedRun  129/130/143  a closed terminal, Ctrl-C or SIGTERM

They are raised where they are understood and printed in one place
(``stt_cli.ui.errors``). Anything else that escapes is a bug and exits with 1.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from typing import Any, ClassVar, Self

from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.identifiers import Identifiers

_LONE = re.compile("[\ud800-\udfff]")
_SHOWN = 60  # characters of a name that is too long


class SttError(Exception):
    """A failure with a message, a hint, the IDs and an exit code.

    Args:
        message: what went wrong, one sentence without a full stop.
        hint: what to do about it.
        ids: every ID known by then; support asks for them first.
        provider_code: the provider's own word or number for the failure.
        http_status: the HTTP status, where there was one.
        retry_after: seconds the provider asked to wait, where it did.
        transient: whether the same request may succeed when sent again.
    """

    code: ClassVar[str] = "failure"
    exit_status: ExitStatus = ExitStatus.BUG

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        ids: Identifiers | None = None,
        provider_code: str | None = None,
        http_status: int | None = None,
        retry_after: float | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.ids = ids or Identifiers()
        self.provider_code = provider_code
        self.http_status = http_status
        self.retry_after = retry_after
        self.transient = transient

    @property
    def advice(self) -> str | None:
        """What to do about it, and how long the provider asks to wait."""
        if not self.retry_after or self.retry_after < 1:
            return self.hint
        asked = f"the service asked to wait {_duration(self.retry_after)}"
        return f"{self.hint}; {asked}" if self.hint else asked

    def with_ids(self, ids: Identifiers) -> SttError:
        """Return this error, its own IDs added to those known outside."""
        self.ids = ids.merged(self.ids)
        return self

    def copied(self) -> Self:
        """Return another error with the same words, for another recording or job.

        ``copy.copy`` asks those who have taught exceptions to be pickled, as Dask
        does: its copies share their attributes with the original.
        """
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__)
        other.__cause__ = self.__cause__
        return other

    def masked(self, clean: Callable[[str], str]) -> SttError:
        """Return this error, its words passed through ``clean``.

        Services repeat what they were sent, so this comes before an error's words
        become data; what is printed on stderr is cleaned there.
        """
        self.message = clean(self.message)
        self.args = (self.message,)
        self.hint = clean(self.hint) if self.hint else None
        self.provider_code = clean(self.provider_code) if self.provider_code else None
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the ``error`` object of the JSON contract."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.advice,
            "provider_code": self.provider_code,
            "http_status": self.http_status,
        }


def _duration(seconds: float) -> str:
    whole = round(seconds)
    parts = (whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


class UsageError(SttError):
    """The command line is wrong, or asks for what a provider lacks."""

    code = "usage"
    exit_status = ExitStatus.USAGE


class ConfigurationError(SttError):
    """A config file, an environment variable or an installation is wrong."""

    code = "configuration"
    exit_status = ExitStatus.USAGE


class OutputError(SttError):
    """The result cannot be written: a full disk, a folder that takes no files."""

    code = "output"
    exit_status = ExitStatus.USAGE


class NothingFoundError(SttError):
    """Nothing was recognized (no match, silence, noise), or no ID was found."""

    code = "nothing_found"
    exit_status = ExitStatus.NOTHING_FOUND


class CredentialsError(SttError):
    """A key, token or password is missing, wrong or expired."""

    code = "auth"
    exit_status = ExitStatus.CREDENTIALS


class QuotaError(SttError):
    """The quota or the balance is used up; waiting a moment does not help."""

    code = "quota"
    exit_status = ExitStatus.CREDENTIALS


class NotFoundError(SttError):
    """There is no such session, transcription, job, voice or model."""

    code = "not_found"
    exit_status = ExitStatus.NOT_FOUND


class JobFailedError(SttError):
    """The provider took the job and says that it failed."""

    code = "job_failed"
    exit_status = ExitStatus.JOB_FAILED


class OutOfTimeError(SttError):
    """Time ran out before the result."""

    code = "timeout"
    exit_status = ExitStatus.OUT_OF_TIME


class UnreachableError(SttError):
    """The provider could not be reached, or the connection broke off.

    ``before_request`` tells that the connection ended before the request had left
    to its last byte: no server acts on half a request (RFC 9112, section 8), so that
    sending it again cannot do anything twice.
    """

    code = "unreachable"
    exit_status = ExitStatus.UNREACHABLE
    before_request: bool = False


class UncertainError(SttError):
    """Whether the service took a submission cannot be found out."""

    code = "uncertain"
    exit_status = ExitStatus.UNREACHABLE


class ProviderError(SttError):
    """The provider answered, with a fault of its own or against its protocol."""

    code = "provider"
    exit_status = ExitStatus.UNREACHABLE


class RateLimitedError(SttError):
    """The provider asks to slow down."""

    code = "rate_limited"
    exit_status = ExitStatus.RATE_LIMITED


class AudioError(SttError):
    """The audio cannot be read, or the provider does not take it."""

    code = "audio"
    exit_status = ExitStatus.AUDIO


class ScoreError(SttError):
    """A word error rate is above the limit that the user set."""

    code = "score"
    exit_status = ExitStatus.SCORE


class UnexpectedError(SttError):
    """A fault of this program itself, met while it worked at one thing of several."""

    code = "unexpected"
    exit_status = ExitStatus.BUG

    @classmethod
    def of(cls, fault: Exception) -> SttError:
        """Return any fault as one that can be told beside others."""
        if isinstance(fault, SttError):
            return fault
        if usage_error := fault_of_a_name(fault):
            return usage_error
        error = cls(
            f"internal error: {type(fault).__name__}: {fault}",
            hint="please report this bug with the output of the same command with -vv",
        )
        error.__cause__ = fault
        return error


class InterruptedRun(SttError):  # noqa: N818 - not an error of anyone's
    """The user or the system ended the run; what is known was printed."""

    code = "interrupted"
    exit_status = ExitStatus.INTERRUPTED

    def __init__(
        self,
        message: str = "interrupted",
        *,
        exit_status: ExitStatus = ExitStatus.INTERRUPTED,
        hint: str | None = None,
        ids: Identifiers | None = None,
    ) -> None:
        super().__init__(message, hint=hint, ids=ids)
        self.exit_status = exit_status


def fault_of_a_name(fault: BaseException) -> SttError | None:
    """Return what is wrong with a name or a value that a user gave, if that is it.

    The system and the codecs find it wherever it is first used.
    """
    error: SttError
    if isinstance(fault, OSError) and fault.errno == errno.ENAMETOOLONG:
        name = os.fsdecode(fault.filename or "")[:_SHOWN]
        error = UsageError(
            f"name too long: {name}…",
            hint="a file name can have at most 255 bytes",
        )
    elif isinstance(fault, UnicodeEncodeError) and _LONE.search(fault.object):
        error = UsageError(
            "a name or value is not valid UTF-8",
            hint="convert it to UTF-8",
        )
    else:
        return None
    error.__cause__ = fault
    return error


INTERRUPTIONS = (InterruptedRun, OutOfTimeError)
"""What ends a whole command, and is never taken for the failure of one item."""
