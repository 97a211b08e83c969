"""How a failure looks: what went wrong, what to do, and the IDs; printed here only."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError
from stt_cli.core.identifiers import label
from stt_cli.core.plain_text import printable
from stt_cli.ui.style import labeled


def print_error(error: SttError, environment: Environment) -> None:
    """Print one failure: its line, its hint, and every ID that is known.

    With ``-q`` it is the line alone.
    """
    for name, text in error_lines(error, environment.verbosity.ids_shown):
        if name == "error" or not environment.verbosity.errors_only:
            _print(environment, name, text)


def error_lines(
    error: SttError, ids_shown: Container[str] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the lines of a failure: what each is, and what it says.

    Args:
        ids_shown: IDs that the reader has seen already.
    """
    yield "error", _with_provider_words(error)
    if advice := error.advice:
        yield "hint", advice
    for name, value in error.ids.items():
        if value not in ids_shown:
            yield label(name), value


def print_kept(path: Path, retry: str, environment: Environment) -> None:
    """Print where a recording is that has no result yet, and how to try again."""
    _print(environment, "recording", f"saved to {path}")
    if not environment.verbosity.errors_only:
        _print(environment, "hint", f"to try again, run: {retry}")


def print_traceback(fault: BaseException, environment: Environment) -> None:
    """Print where a failure comes from, without secrets or control sequences."""
    text = "".join(traceback.format_exception(fault))
    with suppress(OSError, ValueError):  # nobody reads stderr any more
        environment.stderr.write(printable(environment.redactor.clean(text)))


def print_bug(fault: BaseException, environment: Environment, *, verbose: bool) -> None:
    """Print a failure of this program, and how to report it."""
    if verbose:
        print_traceback(fault, environment)
    _print(
        environment,
        "error",
        f"internal error: {type(fault).__name__}: {fault}",
    )
    hint = "please report this bug with the output of the same command with -vv"
    _print(
        environment,
        "hint",
        hint if not verbose else ("please report this bug with the lines above"),
    )


def _with_provider_words(error: SttError) -> str:
    extra = []
    if error.http_status and str(error.http_status) not in error.message:
        extra.append(f"HTTP {error.http_status}")
    if error.provider_code and error.provider_code not in error.message:
        extra.append(error.provider_code)
    return f"{error.message} ({', '.join(extra)})" if extra else error.message


def _print(environment: Environment, name: str, text: str) -> None:
    if environment.stderr is None or environment.stderr.closed:
        return
    try:
        environment.stderr.write(labeled(name, text, environment) + "\n")
        environment.stderr.flush()
    except (OSError, ValueError):
        # Nobody reads stderr any more; the exit code still tells.
        sys.exc_info()
