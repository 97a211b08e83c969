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
            "apikey", ("SPEECH_TO_TEXT_APIKEY",), "IBM Cloud API key", secret=True
        ),
        SettingSpec(
            "username", ("SPEECH_TO_TEXT_USERNAME",), "user name of the service"
        ),
        SettingSpec(
            "password",
            ("SPEECH_TO_TEXT_PASSWORD",),
            "password of that user",
            secret=True,
        ),
        SettingSpec(
            "bearer_token",
            ("SPEECH_TO_TEXT_BEARER_TOKEN",),
            "access token to use instead of the API key",
            secret=True,
        ),
        SettingSpec(
            "url", ("SPEECH_TO_TEXT_URL",), "URL of the instance, including its path"
        ),
        SettingSpec(
            "iam_url",
            ("SPEECH_TO_TEXT_AUTH_URL",),
            "URL where API keys are exchanged for tokens, if not IBM Cloud",
        ),
        SettingSpec(
            "tts_apikey",
            ("TEXT_TO_SPEECH_APIKEY",),
            "API key for Text to Speech",
            secret=True,
        ),
        SettingSpec(
            "tts_username", ("TEXT_TO_SPEECH_USERNAME",), "user name for Text to Speech"
        ),
        SettingSpec(
            "tts_password",
            ("TEXT_TO_SPEECH_PASSWORD",),
            "password for Text to Speech",
            secret=True,
        ),
        SettingSpec(
            "tts_bearer_token",
            ("TEXT_TO_SPEECH_BEARER_TOKEN",),
            "access token for Text to Speech",
            secret=True,
        ),
        SettingSpec("tts_url", ("TEXT_TO_SPEECH_URL",), "URL of Text to Speech"),
        SettingSpec(
            "webhook_secret",
            ("WATSON_CALLBACK_SECRET",),
            "secret that job notifications are signed with",
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
