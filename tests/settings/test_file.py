"""The config file: what is wrong with it is told with its place and a hint."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stt_cli.core.errors import ConfigurationError
from stt_cli.settings import Settings
from stt_cli.settings.file import ConfigFile
from tests.sample_provider import SPEC
from tests.state_fixtures import EnvironmentFactory

Config = Callable[[str], Path]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("language = de-DE\n", "line 1, column 12", "fix the file"),
        ('provider = "a"\nprovider = "b"\n', "line 2", "fix the file"),
        ('langauge = "de-DE"\n', "unknown setting langauge", "did you mean language?"),
        ('[profile.w]\nmoed = "x"\n', "unknown setting profile.w.moed", "mean mode?"),
        (
            'language = ["de-DE"]\n',
            "language must be a single value, not a list",
            "fix the file",
        ),
        (
            '[language]\nx = "y"\n',
            "language must be a value, not a table",
            'write language = "…"',
        ),
        (
            "[cloud.key]\nx = 1\n",
            "cloud.key must be a single value, not a table",
            "fix the file",
        ),
        ('profile = "work"\n', "profile must", "--profile or STT_PROFILE"),
        ('[profile]\nwork = "x"\n', "profile.work must be a table", "[profile.work]"),
    ],
)
def test_a_wrong_file_is_told_with_place_and_hint(
    make_environment: EnvironmentFactory,
    config_file: Config,
    text: str,
    message: str,
    hint: str,
) -> None:
    path = config_file(text)
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(make_environment())
    assert str(path) in caught.value.message
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_misspelled_provider_setting_is_told_when_the_provider_is_used(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file('[profile.w.cloud]\nregoin = "north"\n')
    with pytest.raises(
        ConfigurationError, match=r"profile\.w\.cloud\.regoin"
    ) as caught:
        Settings.load(make_environment()).provider_setting(SPEC, "region")
    assert caught.value.hint == "did you mean region?"


def test_scalars_of_every_type_are_read_as_text(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file("[cloud]\nregion = 7\nupload_url = true\n")
    loaded = Settings.load(make_environment())
    found = [loaded.provider_setting(SPEC, name) for name in ("region", "upload_url")]
    assert [setting.value for setting in found if setting] == ["7", "true"]


def test_a_file_that_is_no_text_is_refused(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    path = config_file("")
    path.write_bytes(b'language = "\xff"')
    with pytest.raises(ConfigurationError, match="not valid UTF-8"):
        Settings.load(make_environment())
    path.write_bytes(b'\xef\xbb\xbflanguage = "de-DE"\r\n')
    found = Settings.load(make_environment()).value("language")
    assert found is not None
    assert found.value == "de-DE"


def test_a_folder_in_the_files_place_is_told(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    (stt_home / "config" / "config.toml").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="cannot read "):
        Settings.load(make_environment())


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_the_reader(tmp_path: Path, contents: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(contents)
    with suppress(ConfigurationError):
        ConfigFile.read(path)


def test_a_file_nested_too_deeply_is_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"provider = {'[' * 5_000}{']' * 5_000}")
    with pytest.raises(ConfigurationError, match="nested too deeply"):
        ConfigFile.read(path)
