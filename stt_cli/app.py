"""The Typer app: names the commands, loads one when it is called, catches errors.

This is the one error boundary of the program. Below it everything raises;
here a failure becomes its message on stderr and its exit code.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, TextIO

import typer
from typer._click import Command, Context, HelpFormatter
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperGroup
from typer.main import get_command

from stt_cli.cli.command_table import ALIASES, COMMANDS
from stt_cli.cli.declaration import examples
from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    InterruptedRun,
    OutputError,
    SttError,
    UsageError,
    fault_of_a_name,
)
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.signals import signals_raise

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_MAY_BE_EMPTY = {"TEXT", "VALUE", "WORD"}
"""The metavars of what names nothing that is read, written or asked."""

_ENTRIES = {entry.name: entry for entry in COMMANDS}


class ColorWhen(StrEnum):
    """When output is colored."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


_COLORS = {ColorWhen.AUTO: None, ColorWhen.ALWAYS: True, ColorWhen.NEVER: False}


class LazyGroup(TyperGroup):
    """The top-level group: it knows every command's summary, and loads one."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the command names in the order of the table."""
        return list(_ENTRIES)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Load a command."""
        entry = _ENTRIES.get(cmd_name)
        if entry is None:
            return None
        loaded = importlib.import_module(entry.module).app
        loaded._add_completion = False  # `stt` itself completes all commands
        command = get_command(loaded)
        command.name = cmd_name
        for each in (command, *getattr(command, "commands", {}).values()):
            each.format_help = partial(_show_help, each)
            each.invoke = partial(_invoke, each.invoke)
        return command

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Find the command that was typed, or name the ones it may have been."""
        if args and args[0] not in _ENTRIES and not args[0].startswith("-"):
            from stt_cli.cli.usage_errors import unknown_command

            fault = unknown_command(args[0], _ENTRIES)
            if os.path.isfile(args[0]):  # noqa: PTH113 - Path raises for a long name
                import shlex

                command = f"stt recognize {shlex.quote(args[0])}"
                fault.hint = f"to transcribe the file, use `{command}`"
            raise fault
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help screen from the table alone."""
        _show_help(self, ctx, formatter)


def _invoke(invoke: Callable[[Context], Any], ctx: Context) -> Any:
    """Run a command, unless something that names what to work on is empty."""
    for parameter in ctx.command.params:
        given = ctx.params.get(parameter.name or "")
        values = given if isinstance(given, list | tuple) else [given]
        if "" in values and not _MAY_BE_EMPTY & set(_words(parameter.metavar)):
            flags = [name for name in parameter.opts if name.startswith("-")]
            named = f"the argument {(parameter.metavar or '').strip('[].')}"
            # An unset variable in a script; an empty path would be this folder.
            raise UsageError(
                f"{max(flags, key=len) if flags else named} is empty",
                hint="omit it, or check that its shell variable is set",
            )
    return invoke(ctx)


def _words(metavar: str | None) -> list[str]:
    return re.findall("[A-Z]+", metavar or "")


def _show_help(command: Command, ctx: Context, formatter: HelpFormatter) -> None:
    from stt_cli.cli.help_screen import show_help

    show_help(command, ctx, formatter)


app = typer.Typer(
    name="stt",
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from stt_cli.version import __version__

        typer.echo(f"stt {__version__}")
        raise typer.Exit


@app.callback(
    epilog=examples(
        "stt recognize meeting.wav",
        "stt tts 'hello' --play",
        "stt session-id sdk.log",
    ),
)
def _root(
    version: bool = typer.Option(
        False,
        "--version",
        "-V",
        help="Print the version and exit.",
        is_eager=True,
        callback=_print_version,
    ),
    color: Annotated[
        ColorWhen,
        typer.Option(
            "--color",
            metavar="WHEN",
            help="When to use color: auto, always or never. [env: NO_COLOR, "
            "FORCE_COLOR]",
        ),
    ] = ColorWhen.AUTO,
) -> None:
    """Transcribe speech offline or with one of five services, and keep the support IDs.

    Results go to stdout; IDs, progress and errors go to stderr.
    """


def run(arguments: Sequence[str], environment: Environment | None = None) -> int:
    """Run the command line and return its exit code; print what went wrong."""
    try:
        with signals_raise():
            return _run(arguments, environment or Environment.of_this_process())
    except KeyboardInterrupt:  # one more, while the first was being told
        return ExitStatus.INTERRUPTED
    except InterruptedRun as again:
        return again.exit_status
    finally:
        _discard_unwritable(sys.stdout, sys.stderr)


def _run(arguments: Sequence[str], environment: Environment) -> int:
    _prepare_streams(environment)
    for argument in arguments:
        environment.redactor.register_address(argument)
    try:
        arguments = _as_commands(_without_color(arguments, environment))
        status = _call(list(arguments), environment)
        if not environment.stdout.closed:
            environment.stdout.flush()  # a full disk or a closed pipe is told here
        return status
    except BrokenPipeError:
        return _leave_a_closed_pipe()
    except SttError as error:
        if _wants_traceback(arguments):
            from stt_cli.ui.errors import print_traceback

            print_traceback(error, environment)
        return _report(_interruption_behind(error) or error, environment)
    except KeyboardInterrupt:
        return _report(InterruptedRun(), environment)
    except Exception as fault:
        if interruption := _interruption_behind(fault):
            return _report(interruption, environment)
        if isinstance(fault, OSError) and fault.errno in _NO_ROOM:
            return _report_full_disk(fault, environment)
        if named := fault_of_a_name(fault):
            return _report(named, environment)
        from stt_cli.ui.errors import print_bug

        print_bug(fault, environment, verbose=_wants_traceback(arguments))
        return ExitStatus.BUG


def _without_color(arguments: Sequence[str], environment: Environment) -> list[str]:
    """Take ``--color WHEN`` out of the arguments, wherever it stands.

    Every command takes it, and none has to declare it.

    Raises:
        UsageError: it is followed by none of its words.
    """
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*kept, argument, *rest]
        name, equals, when = argument.partition("=")
        if name != "--color":
            kept.append(argument)
            continue
        chosen = when if equals else next(rest, "")
        if chosen not in list(ColorWhen):
            raise UsageError(
                f"invalid value {chosen!r} for --color",
                hint=f"choose from {', '.join(ColorWhen)}",
            )
        environment.verbosity.color = _COLORS[ColorWhen(chosen)]
    return kept


def _as_commands(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the words that people try made into commands.

    ``help batch submit`` is ``batch submit --help``, and ``version`` is ``--version``.
    """
    if list(arguments) == ["version"]:
        return ["--version"]
    if list(arguments[:1]) == ["help"]:
        named = [word for word in arguments[1:] if not word.startswith("-")]
        return [*_without_alias(named), "--help"]
    return _without_alias(arguments)


def _without_alias(arguments: Sequence[str]) -> list[str]:
    first = [ALIASES.get(word, word) for word in arguments[:1]]
    return [*first, *arguments[1:]]


def _call(arguments: list[str], environment: Environment) -> int:
    command = get_command(app)
    try:
        with command.make_context("stt", arguments, obj=environment) as context:
            result = command.invoke(context)
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except NoArgsIsHelpError as help_wanted:
        help_wanted.show()
        return ExitStatus.USAGE
    except ClickException as fault:
        from stt_cli.cli.usage_errors import usage_error

        raise usage_error(fault, command, arguments) from None
    return int(result) if isinstance(result, int) else ExitStatus.OK


def _report(error: SttError, environment: Environment) -> int:
    from stt_cli.ui.errors import print_error

    print_error(error, environment)
    return int(error.exit_status)


def _interruption_behind(fault: BaseException | None) -> SttError | None:
    """Return the interruption that became another failure on its way up.

    Python 3.11 wraps what is raised while a class is made, such as one of a module
    that is loaded at that moment, and others take it for a failure of what they do.
    """
    ids = fault.ids if isinstance(fault, SttError) else Identifiers()
    while fault is not None:
        if isinstance(fault, InterruptedRun):
            return fault.with_ids(ids)
        if isinstance(fault, KeyboardInterrupt):
            return InterruptedRun(ids=ids)
        outside = None if fault.__suppress_context__ else fault.__context__
        fault = fault.__cause__ or outside
    return None


def _report_full_disk(fault: OSError, environment: Environment) -> int:
    """Tell that stdout's own file could not take the result; -o tells for itself."""
    error = OutputError(
        f"cannot write the output: {fault.strerror}",
        hint="free up disk space, or send the output elsewhere",
    )
    _discard_streams(sys.stdout)
    return _report(error, environment)


def _wants_traceback(arguments: Sequence[str]) -> bool:
    return "-vv" in arguments or list(arguments).count("-v") > 1


def _prepare_streams(environment: Environment) -> None:
    """Write UTF-8 everywhere; what a console cannot show is escaped, not fatal."""
    for stream in (environment.stdout, environment.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _leave_a_closed_pipe() -> int:
    """End quietly after ``| head``; Python would complain at its own exit."""
    _discard_streams(sys.stdout, sys.stderr)
    return ExitStatus.OK


def _discard_unwritable(*streams: TextIO | None) -> None:
    """Let Python's own exit not fail over a terminal or a reader that is gone."""
    for stream in streams:
        if stream is None or stream.closed:
            continue
        try:
            stream.flush()
        except OSError:
            _discard_streams(stream)


def _discard_streams(*streams: TextIO) -> None:
    """Let what is still buffered go nowhere, so that it fails no second time."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        try:
            os.dup2(devnull, stream.fileno())
        except (OSError, ValueError):
            continue
