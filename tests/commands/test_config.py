"""``stt config``: settings by name, with their origin, changed in the file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stt_cli.settings.edit import remove_value, set_value
from tests.conftest import Runner
from tests.keyring_backend import FileKeyring

Config = Callable[[str], Path]
pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def path(stt_home: Path) -> Path:
    return stt_home / "config" / "config.toml"


def test_a_value_is_set_read_and_removed(stt: Runner, path: Path) -> None:
    assert stt("config", "get", "language").status == 3
    assert stt("config", "set", "language", "de-DE").status == 0
    done = stt("config", "get", "language")
    assert (done.status, done.text) == (0, "de-DE\n")
    assert stt("config", "unset", "language").status == 0
    assert stt("config", "get", "language").status == 3
    assert path.stat().st_mode & 0o777 == 0o600
    again = stt("config", "unset", "language")
    assert (again.status, again.stdout) == (0, b"")
    assert "warning: language is not in the config file" in again.stderr


def test_a_provider_and_a_profile_have_tables_of_their_own(
    stt: Runner, path: Path
) -> None:
    stt("config", "set", "cloud.region", "north")
    stt("config", "set", "--profile", "work", "cloud.region", "south")
    stt("config", "set", "--profile", "work", "language", "fr-FR")
    assert tomllib.loads(path.read_text()) == {
        "cloud": {"region": "north"},
        "profile": {"work": {"cloud": {"region": "south"}, "language": "fr-FR"}},
    }
    done = stt("config", "get", "cloud.region", "--profile", "work")
    assert done.text == "south\n"


def test_comments_and_order_are_kept(
    stt: Runner, config_file: Config, path: Path
) -> None:
    config_file('# mine\nmode = "dictation"  # slow\n\n[cloud]\n# the region\n')
    stt("config", "set", "language", "de-DE")
    stt("config", "set", "cloud.region", "north")
    text = path.read_text()
    for kept in ("# mine", '"dictation"  # slow', "# the region"):
        assert kept in text
    assert tomllib.loads(text)["cloud"] == {"region": "north"}


def test_a_linked_config_file_stays_a_link(
    stt: Runner, path: Path, tmp_path: Path
) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("")
    path.parent.mkdir(parents=True)
    path.symlink_to(real)
    assert stt("config", "set", "language", "de-DE").status == 0
    assert path.is_symlink()
    assert real.read_text() == 'language = "de-DE"\n'


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("get", "langauge"), "unknown setting langauge", "did you mean language?"),
        (("get", "cloud.regoin"), "unknown setting cloud.regoin", "mean cloud.region?"),
        (("get", "clowd.region"), "unknown provider 'clowd'", "did you mean cloud?"),
        (("get", "zzz"), "unknown setting zzz", "stt config list --all"),
        (("get", "cloud.key"), "is a secret", "stt auth status cloud"),
        (("set", "cloud.key", "x"), "is a secret", "stt auth set cloud key"),
        (("set", "mode", "loud"), "invalid value 'loud' for mode", "interactive"),
        (("set", "ledger", "maybe"), "for ledger", "use on, off or"),
        (("set", "language", "???"), "not a language tag", "en-US"),
        (("set", "provider", "clowd"), "unknown provider", "did you mean cloud?"),
        (("set", "cloud.endpoint", "ftp://h"), "invalid --endpoint", "https://h"),
        (("set", "language", " "), "needs a value", "stt config unset language"),
        (
            ("set", "--profile", "a.b", "mode", "dictation"),
            "invalid profile name",
            "letters",
        ),
        (("get", "mode", "--profile", "nope"), "unknown profile", "--profile NAME"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(
    stt: Runner, path: Path, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    done = stt("config", *arguments)
    assert (done.status, done.stdout) == (2, b"")
    assert message in done.stderr
    assert hint in done.stderr
    assert not path.exists()


def test_the_list_tells_value_and_origin(
    stt: Runner, config_file: Config, file_keyring: FileKeyring
) -> None:
    config_file('language = "de-DE"\n[cloud]\ntoken = "canary-token"\n')
    env = {"CLOUD_REGION": "north", "CLOUD_KEY": "canary-key", "STT_MODE": "dictation"}
    done = stt("config", "list", env=env)
    assert done.lines == [
        "language\tde-DE\tconfig file",
        "mode\tdictation\tSTT_MODE",
        "cloud.key\t***\tCLOUD_KEY",
        "cloud.region\tnorth\tCLOUD_REGION",
        "cloud.token\t***\tconfig file",
    ]
    listed = json.loads(stt("config", "list", "--json", env=env).text)
    assert listed[2] == {
        "schema_version": 1,
        "name": "cloud.key",
        "value": "***",
        "default": None,
        "origin": "CLOUD_KEY",
        "secret": True,
        "variables": ["CLOUD_SPEECH_KEY", "CLOUD_KEY"],
        "help": "key",
    }
    every = json.loads(stt("config", "list", "--all", "--json").text)
    device = {"name": "device", "value": None, "variables": ["STT_DEVICE"]}
    assert device.items() <= every[4].items()


def test_all_tells_meaning_variable_and_default(stt: Runner) -> None:
    rows = [line.split("\t") for line in stt("config", "list", "--all").lines]
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["provider"] == [
        "local",
        "default",
        "STT_PROVIDER",
        "provider to use without -p",
    ]
    assert by_name["device"][:3] == ["", "", "STT_DEVICE"]
    assert by_name["cloud.region"][2] == "CLOUD_REGION"


def test_a_terminal_gets_a_table_with_the_same_values(
    stt_terminal: Runner, config_file: Config
) -> None:
    config_file('language = "de-DE"\n')
    done = stt_terminal("config", "list")
    assert "language" in done.text
    assert "config file" in done.text


def test_a_variable_that_goes_before_the_file_is_told(stt: Runner) -> None:
    done = stt("config", "set", "language", "de-DE", env={"STT_LANGUAGE": "fr-FR"})
    assert "warning: the environment variable STT_LANGUAGE overrides" in done.stderr
    for env in ({"CLOUD_REGION": "x"}, {"STT_CLOUD_ENDPOINT": "http://h"}):
        name = "cloud.region" if "CLOUD_REGION" in env else "cloud.endpoint"
        done = stt("config", "set", name, "https://h", env=env)
        assert f"variable {next(iter(env))} overrides" in done.stderr


def test_the_path_is_printed_even_of_a_broken_file(
    stt: Runner, config_file: Config
) -> None:
    path = config_file("broken = = toml")
    assert stt("config", "path").text == f"{path}\n"
    for arguments in (("list",), ("get", "mode"), ("set", "mode", "dictation")):
        done = stt("config", *arguments)
        assert done.status == 2
        assert "line 1, column 10" in done.stderr
    assert path.read_text() == "broken = = toml"


def test_without_a_command_the_help_is_shown(stt_process: Runner) -> None:
    done = stt_process("config")
    assert done.status == 2
    assert "unset" in done.text + done.stderr


scalars = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
names = st.sampled_from(["language", "mode", "device", "region", "a b", "ü", '"'])
keys = st.lists(names, min_size=1, max_size=4).map(tuple)


def is_free(document: dict[str, object], where: tuple[str, ...]) -> bool:
    """Whether a value may stand there: no value above it, no table in its place."""
    table: object = document
    for key in where[:-1]:
        table = table.get(key, {}) if isinstance(table, dict) else None
    return isinstance(table, dict) and not isinstance(table.get(where[-1]), dict)


@given(st.lists(st.tuples(keys, scalars), max_size=8), st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
    deadline=None,
)
def test_the_file_holds_what_was_set_whatever_the_order(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: list[tuple[tuple[str, ...], str]],
    data: st.DataObject,
) -> None:
    # Names are made up here, so the check for names that exist is left out.
    monkeypatch.setattr("stt_cli.settings.file.ConfigFile.check", lambda _self: None)
    path = tmp_path / "made-up.toml"
    path.unlink(missing_ok=True)
    expected: dict[str, object] = {}
    for where, value in changes:
        if not is_free(expected, where):
            continue
        table = expected
        for key in where[:-1]:
            table = table.setdefault(key, {})  # type: ignore[assignment]
        table[where[-1]] = value
        set_value(path, where, value)
    if expected:
        assert tomllib.loads(path.read_text()) == expected
        where, _ = data.draw(st.sampled_from(changes))
        gone = remove_value(path, where)
        document: object = tomllib.loads(path.read_text())
        for key in where:
            document = document.get(key) if isinstance(document, dict) else None
        assert document is None if gone else True
