"""The first set-up as a conversation: a question at a time, each with a default."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from stt_cli.core.errors import ConfigurationError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.providers.registry import provider_spec, provider_specs
from stt_cli.settings.file import config_path
from stt_cli.ui.style import is_terminal
from stt_cli.workflows import configuration, credentials

if TYPE_CHECKING:
    from stt_cli.providers.spec import ProviderSpec, SettingSpec
    from stt_cli.ui.run import Run

Answer = TypeVar("Answer")
_TRIES = 5
"""So often a question is asked before its answer is given up."""

_MULTILINGUAL = "base"
"""The smallest model that knows more than English."""

_COMPLETION = {
    "bash": "echo 'eval \"$(stt completion bash)\"' >> ~/.bashrc",
    "zsh": "stt completion zsh > ~/.zfunc/_stt",
    "fish": "stt completion fish > ~/.config/fish/completions/stt.fish",
    "pwsh": "stt completion powershell >> $PROFILE",
}


def set_up(run: Run) -> int:
    """Ask for what a first run needs, and write it down; return the exit code.

    Raises:
        KeyboardInterrupt: the user left; what was answered by then is kept.
    """
    environment = run.environment
    if not (
        environment.stdin
        and environment.stdin.isatty()
        and is_terminal(environment.stderr)
    ):
        run.reporter.notice(
            Notice(
                "stt init needs a terminal",
                hint="use `stt config set` and `stt auth set` instead",
            )
        )
        return ExitStatus.OK
    spec = _choose_provider(run)
    _ask_for_needs(run, spec)
    language = _choose_language(run, spec)
    if spec.is_local and not language.lower().startswith("en"):
        _offer_model(run, language)
    _suggest_completion(run)
    _say(run, "\nDone. Next, try: stt recognize FILE")
    return ExitStatus.OK


def _choose_provider(run: Run) -> ProviderSpec:
    _say(run, "Which provider should stt use by default?\n")
    for spec in provider_specs():
        _say(run, f"  {spec.name:<10}{spec.summary}")
    _say(run, "")
    now = run.settings.provider_name(None)

    def keep(name: str) -> ProviderSpec:
        spec = provider_spec(name)
        _set(run, "provider", name)
        return spec

    return _asked("Provider", now, keep)


def _ask_for_needs(run: Run, spec: ProviderSpec) -> None:
    """Ask for what the first of the ways to be ready takes, unless one is met."""
    if not run.settings.missing(spec):
        return
    by_name = {setting.name: setting for setting in spec.settings}
    for name in spec.needs[0]:
        if run.settings.provider_setting(spec, name) is not None:
            continue
        setting = by_name[name]
        if setting.secret:
            _ask_for_secret(run, spec, setting)
        else:
            _ask_for_setting(run, spec, setting)


def _ask_for_setting(run: Run, spec: ProviderSpec, setting: SettingSpec) -> None:
    def keep(value: str) -> None:
        _set(run, f"{spec.name}.{setting.name}", value)

    _asked(f"{setting.help[:1].upper()}{setting.help[1:]}", None, keep)


def _ask_for_secret(run: Run, spec: ProviderSpec, setting: SettingSpec) -> None:
    prompt = f"{spec.name} {setting.name} (hidden)"

    def keep(text: str) -> None:
        secret = credentials.checked_secret(text)
        try:
            backend = credentials.store(
                run.environment, spec, setting, secret, run.choice.profile
            )
        except ConfigurationError as missing:
            path = config_path(run.environment.directories.config)
            _say(run, f"Cannot store it in a keyring: {missing.message}.")
            _say(
                run, f"It can be stored unencrypted in {path}, which only you can read."
            )
            if not typer.confirm("Store it there", default=False, err=True):
                variable = setting.variables[0] if setting.variables else "a variable"
                _say(run, f"Not stored. Set {variable} before you use {spec.name}.")
                return
            credentials.keep_in_file(
                run.environment, spec, setting, secret, run.choice.profile
            )
            backend = str(path)
        _say(run, f"Stored in {backend}.")

    _asked(prompt, None, keep, hidden=True)


def _choose_language(run: Run, spec: ProviderSpec) -> str:
    setting = run.settings.value("language")
    now = setting.value if setting else spec.default_language or "en-US"

    def keep(tag: str) -> str:
        _set(run, "language", tag)
        return tag

    return _asked("Language of your recordings", now, keep)


def _offer_model(run: Run, language: str) -> None:
    from stt_cli.ui.models import download_models

    question = (
        f"The installed model only supports English. Download {_MULTILINGUAL!r} for "
        f"{language}"
    )
    if typer.confirm(question, default=True, err=True):
        try:
            download_models(run, [_MULTILINGUAL], timeout=None)
        except SttError as error:
            run.reporter.error(error)
            _say(run, f"To download it later, run: stt models download {_MULTILINGUAL}")


def _suggest_completion(run: Run) -> None:
    shell = run.environment.variables.get("SHELL", "").rpartition("/")[2]
    command = _COMPLETION.get(shell)
    if command is not None:
        _say(run, f"\nTo enable completion in {shell}, run:\n  {command}")


def _asked(
    question: str,
    default: str | None,
    keep: Callable[[str], Answer],
    *,
    hidden: bool = False,
) -> Answer:
    """Ask until ``keep`` takes the answer, and return what it makes of it."""
    for left in reversed(range(_TRIES)):
        answer = typer.prompt(
            question,
            default=default,
            hide_input=hidden,
            err=True,
            prompt_suffix=": ",
        )
        try:
            return keep(str(answer).strip())
        except UsageError as wrong:
            if not left:
                raise
            typer.echo(f"{wrong.message}; {wrong.hint}", err=True)
    raise AssertionError("unreachable: the last try returns or raises")


def _set(run: Run, name: str, value: str) -> None:
    setting = configuration.parse_name(name)
    configuration.change(run.environment, setting, value, run.choice.profile)


def _say(run: Run, line: str) -> None:
    run.reporter.screen.say(line)
