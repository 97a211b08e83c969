"""Which value holds: environment, keyring, profile, config file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stt_cli.core.errors import ConfigurationError, CredentialsError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.settings import Settings
from tests.keyring_backend import FileKeyring, LockedKeyring
from tests.sample_provider import SPEC
from tests.state_fixtures import EnvironmentFactory

Config = Callable[[str], Path]


def test_the_provider_is_local_until_someone_names_another(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    assert Settings.load(make_environment()).provider_name(None) == "local"
    config_file('provider = "azure"')
    assert Settings.load(make_environment()).provider_name(None) == "azure"
    with_variable = Settings.load(make_environment({"STT_PROVIDER": "watson"}))
    assert with_variable.provider_name(None) == "watson"
    assert with_variable.provider_name("soniox") == "soniox"


def test_an_empty_variable_is_not_set(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file('language = "de-DE"')
    found = Settings.load(make_environment({"STT_LANGUAGE": "  "})).value("language")
    assert found is not None
    assert (found.value, found.origin) == ("de-DE", "config file")


def test_a_profile_goes_before_the_rest_of_the_file(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file(
        'language = "de-DE"\nmode = "dictation"\n'
        '[cloud]\nregion = "north"\nkey = "file-key-1"\n'
        '[profile.work]\nlanguage = "fr-FR"\n[profile.work.cloud]\nregion = "south"\n'
    )
    settings = Settings.load(make_environment(), profile="work")
    language, mode = settings.value("language"), settings.value("mode")
    assert language is not None
    assert (language.value, language.origin) == ("fr-FR", "profile work")
    assert mode is not None
    assert mode.value == "dictation"
    region = settings.provider_setting(SPEC, "region")
    assert region is not None
    assert region.value == "south"
    by_variable = Settings.load(make_environment({"STT_PROFILE": "work"}))
    assert by_variable.value("language") == language


def test_an_unknown_profile_names_the_near_one(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file("[profile.work]\n")
    with pytest.raises(UsageError) as caught:
        Settings.load(make_environment(), profile="wrok")
    assert caught.value.hint == "did you mean work?"


def test_the_environment_beats_the_keyring_beats_the_file(
    make_environment: EnvironmentFactory, config_file: Config, file_keyring: FileKeyring
) -> None:
    def origin(**variables: str) -> str | None:
        found = Settings.load(make_environment(variables)).provider_setting(SPEC, "key")
        return found.origin if found else None

    assert origin() is None
    config_file('[cloud]\nkey = "key-in-file"\n')
    assert origin() == "config file"
    store = Settings.load(make_environment()).keyring
    store.put(store.entry("cloud", "key"), Secret("key-in-keyring"))
    assert origin() == "keyring"
    assert origin(CLOUD_KEY="second-name") == "CLOUD_KEY"
    both = origin(CLOUD_KEY="second-name", CLOUD_SPEECH_KEY="first-name")
    assert both == "CLOUD_SPEECH_KEY"


def test_a_stored_token_does_not_shadow_a_key_of_the_environment(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file('[cloud]\ntoken = "old-token-in-file"\nregion = "north"\n')
    context = Settings.load(make_environment({"CLOUD_KEY": "fresh-key"})).context_for(
        SPEC
    )
    assert context.secrets == {"key": Secret("fresh-key")}
    assert context.values == {"region": "north"}


def test_a_secret_that_is_no_way_to_be_ready_comes_from_any_origin(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    from dataclasses import replace

    from stt_cli.providers.spec import SettingSpec

    hook = SettingSpec("webhook_secret", (), "signs web hooks", secret=True)
    spec = replace(SPEC, settings=(*SPEC.settings, hook))
    config_file('[cloud]\nwebhook_secret = "hook-secret"\ntoken = "old-token"\n')
    context = Settings.load(make_environment({"CLOUD_KEY": "fresh-key"})).context_for(
        spec
    )
    assert context.secrets == {
        "key": Secret("fresh-key"),
        "webhook_secret": Secret("hook-secret"),
    }


def test_the_key_of_one_service_does_not_hide_that_of_another(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    from dataclasses import replace

    from stt_cli.providers.spec import SettingSpec

    names = ("apikey", "token", "tts_apikey", "tts_token")
    spec = replace(
        SPEC,
        settings=tuple(SettingSpec(n, (n.upper(),), n, secret=True) for n in names),
        needs=tuple((name,) for name in names),
    )
    config_file("[cloud]\n" + "".join(f'{name} = "filed-{name}"\n' for name in names))
    context = Settings.load(make_environment({"APIKEY": "fresh-key"})).context_for(spec)
    assert context.secrets == {
        "apikey": Secret("fresh-key"),
        "tts_apikey": Secret("filed-tts_apikey"),
        "tts_token": Secret("filed-tts_token"),
    }


def test_a_profile_has_keyring_entries_of_its_own(
    make_environment: EnvironmentFactory, config_file: Config, file_keyring: FileKeyring
) -> None:
    config_file("[profile.work]\n[profile.play]\n")
    store = Settings.load(make_environment()).keyring
    store.put(store.entry("cloud", "key"), Secret("common-key"))
    store.put(store.entry("cloud", "key", "work"), Secret("work-key"))
    kept = {
        name: Settings.load(make_environment(), profile=name).provider_setting(
            SPEC, "key"
        )
        for name in ("work", "play")
    }
    assert {k: v.value for k, v in kept.items() if v} == {
        "work": "work-key",
        "play": "common-key",
    }


def test_a_locked_keyring_is_named_not_passed_over(
    make_environment: EnvironmentFactory,
    file_keyring: FileKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Settings.load(make_environment()).keyring
    store.put(store.entry("cloud", "key"), Secret("stored-key"))
    monkeypatch.setattr("keyring.core._keyring_backend", LockedKeyring())
    with pytest.raises(ConfigurationError, match="the collection is locked") as caught:
        Settings.load(make_environment()).provider_setting(SPEC, "key")
    assert "environment variable" in (caught.value.hint or "")


def test_without_a_stored_secret_the_keyring_is_not_even_loaded(
    make_environment: EnvironmentFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "keyring", None)
    assert Settings.load(make_environment()).missing(SPEC) == ("token",)


def test_every_secret_seen_is_masked_from_then_on(
    make_environment: EnvironmentFactory,
) -> None:
    environment = make_environment({"CLOUD_KEY": "ca-na-ry"})
    found = Settings.load(environment).provider_setting(SPEC, "key")
    assert environment.redactor.clean("got ca-na-ry") == "got ***"
    assert found is not None
    assert "ca-na-ry" not in repr(found)
    assert found.shown == "***"


def test_missing_names_the_cheapest_unmet_need(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    assert Settings.load(make_environment()).missing(SPEC) == ("token",)
    assert Settings.load(make_environment({"CLOUD_KEY": "k-e-y"})).missing(SPEC) == (
        "region",
    )
    assert Settings.load(make_environment({"CLOUD_TOKEN": "t-o-k"})).missing(SPEC) == ()
    assert Settings.load(make_environment()).missing(SPEC, "http://127.0.0.1:1") == ()
    config_file('[cloud]\nendpoint = "http://127.0.0.1:1/"\n')
    assert Settings.load(make_environment()).missing(SPEC) == ()


def test_require_says_which_variable_or_command_gives_what_is_missing(
    make_environment: EnvironmentFactory,
) -> None:
    with pytest.raises(CredentialsError) as caught:
        Settings.load(make_environment()).require(SPEC)
    assert caught.value.message == "cloud needs a token"
    assert caught.value.hint == "set CLOUD_TOKEN, or run `stt auth set cloud token`"
    with pytest.raises(ConfigurationError) as wanting:
        Settings.load(make_environment({"CLOUD_KEY": "k-e-y"})).require(SPEC)
    hint = wanting.value.hint or ""
    assert hint == "set CLOUD_REGION, or run `stt config set cloud.region …`"


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://eu.example.com/", "https://eu.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("wss://host/instances/1/", "https://host/instances/1"),
        ("ws://localhost:1", "http://localhost:1"),
        ("HTTP://[::1]:80//", "http://[::1]:80"),
    ],
)
def test_an_endpoint_is_a_base_url_without_a_trailing_slash(
    make_environment: EnvironmentFactory, given: str, base: str
) -> None:
    context = Settings.load(make_environment()).context_for(SPEC, endpoint=given)
    assert context.endpoint == base


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("host:8080", "it is not an http or https URL"),
        ("ftp://host", "it is not an http or https URL"),
        ("http://", "has no host"),
        ("http://host:99999", "not a number up to 65535"),
        ("http://[::1", "host is invalid"),
        ("https://user:pass-word@host/", "contains a user name"),
        ("https://host/?key=canary-key", "has a query"),
        ("https://host:pass-word/x@h", "not a number up to 65535"),
        ("htps//me:pass-word@host/", "it is not an http or https URL"),
    ],
)
def test_what_is_no_endpoint_is_refused_without_showing_secrets(
    make_environment: EnvironmentFactory, given: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        Settings.load(make_environment()).context_for(SPEC, endpoint=given)
    assert caught.value.hint
    assert "pass-word" not in caught.value.message
    assert "canary-key" not in caught.value.message
    assert "pass-word" not in caught.value.hint


def test_the_endpoint_comes_from_option_variable_or_file(
    make_environment: EnvironmentFactory, config_file: Config
) -> None:
    config_file('[cloud]\nendpoint = "https://file.example"\n')
    assert Settings.load(make_environment()).endpoint(SPEC) == "https://file.example"
    settings = Settings.load(
        make_environment({"STT_CLOUD_ENDPOINT": "https://env.example"})
    )
    assert settings.endpoint(SPEC) == "https://env.example"
    assert settings.endpoint(SPEC, "https://opt.example") == "https://opt.example"
    broken = Settings.load(make_environment({"STT_CLOUD_ENDPOINT": "nonsense"}))
    with pytest.raises(ConfigurationError, match="STT_CLOUD_ENDPOINT"):
        broken.endpoint(SPEC)


@pytest.mark.parametrize("url", ["http://host.example", "ws://192.168.0.9:80"])
def test_a_secret_goes_in_clear_text_to_this_machine_only(
    make_environment: EnvironmentFactory, url: str
) -> None:
    settings = Settings.load(make_environment({"CLOUD_TOKEN": "t-o-k-e-n"}))
    with pytest.raises(UsageError, match="unencrypted to") as caught:
        settings.context_for(SPEC, endpoint=url)
    assert "--insecure" in (caught.value.hint or "")
    assert settings.context_for(SPEC, endpoint=url, insecure=True).insecure
    for loopback in ("http://127.8.8.8:1", "http://[::1]:1", "http://a.localhost"):
        assert settings.context_for(SPEC, endpoint=loopback).endpoint == loopback
    without = Settings.load(make_environment())
    assert without.context_for(SPEC, endpoint=url).secrets == {}


def test_any_address_among_the_settings_counts_as_clear_text(
    make_environment: EnvironmentFactory,
) -> None:
    variables = {"CLOUD_TOKEN": "t-o-k", "CLOUD_UPLOAD_URL": "http://files.example/"}
    with pytest.raises(UsageError, match=r"unencrypted to http://files\.example/"):
        Settings.load(make_environment(variables)).context_for(SPEC)
