"""What Watson is, told without loading its client."""

from __future__ import annotations

from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="watson",
    title="IBM Watson",
    summary="IBM Watson Speech to Text and Text to Speech",
    factory="stt_cli.providers.watson.provider:open_watson",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.LIVE,
            Capability.INTERIM,
            Capability.DETAILED,
            Capability.WORDS,
            Capability.SPEAKERS,
            Capability.PROFANITY,
            Capability.MODEL_CHOICE,
            Capability.PARAMS,
            Capability.DETECTS_LANGUAGE,
            Capability.TOGETHER,
            Capability.BATCH,
            Capability.RECOVERS,
            Capability.WEBHOOKS,
            Capability.REGISTERS_WEBHOOKS,
            Capability.SYNTHESIZE,
            Capability.SSML,
            Capability.VOICES,
            Capability.MODELS,
            Capability.LANGUAGES,
        }
    ),
    transports=("rest", "session", "websocket"),
    # The names are those that IBM's own SDK reads.
    settings=(
        SettingSpec(
            "apikey", ("SPEECH_TO_TEXT_APIKEY",), "an IBM Cloud API key", secret=True
        ),
        SettingSpec("username", ("SPEECH_TO_TEXT_USERNAME",), "a service user's name"),
        SettingSpec(
            "password", ("SPEECH_TO_TEXT_PASSWORD",), "and its password", secret=True
        ),
        SettingSpec(
            "bearer_token",
            ("SPEECH_TO_TEXT_BEARER_TOKEN",),
            "an access token of your own making",
            secret=True,
        ),
        SettingSpec(
            "url", ("SPEECH_TO_TEXT_URL",), "the address of the instance, path included"
        ),
        SettingSpec(
            "iam_url",
            ("SPEECH_TO_TEXT_AUTH_URL",),
            "where API keys are traded for tokens, if not at IBM Cloud",
        ),
        SettingSpec(
            "tts_apikey",
            ("TEXT_TO_SPEECH_APIKEY",),
            "the API key of Text to Speech",
            secret=True,
        ),
        SettingSpec("tts_username", ("TEXT_TO_SPEECH_USERNAME",), "its user's name"),
        SettingSpec(
            "tts_password", ("TEXT_TO_SPEECH_PASSWORD",), "and password", secret=True
        ),
        SettingSpec(
            "tts_bearer_token",
            ("TEXT_TO_SPEECH_BEARER_TOKEN",),
            "its access token",
            secret=True,
        ),
        SettingSpec("tts_url", ("TEXT_TO_SPEECH_URL",), "its address"),
        SettingSpec(
            "webhook_secret",
            ("WATSON_CALLBACK_SECRET",),
            "what signs the notifications of jobs",
            secret=True,
        ),
    ),
    needs=(
        ("apikey",),
        ("username", "password"),
        ("bearer_token",),
        ("tts_apikey",),
        ("tts_username", "tts_password"),
        ("tts_bearer_token",),
    ),
)
