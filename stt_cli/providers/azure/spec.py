"""What Azure Speech and Bing Speech are, told without loading their client."""

from __future__ import annotations

from stt_cli.protocols.azure_rest.enhanced import DETECTING_MODELS
from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

AZURE_SPEC = ProviderSpec(
    name="azure",
    title="Azure Speech",
    summary="Microsoft's current regional speech service",
    factory="stt_cli.providers.azure.provider:open_azure",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.LIVE,
            Capability.INTERIM,
            Capability.DETAILED,
            Capability.WORDS,
            Capability.SPEAKERS,
            Capability.MAX_SPEAKERS,
            Capability.CANDIDATES,
            Capability.DETECTS_LANGUAGE,
            Capability.JOB_CHANNELS,
            Capability.PROFANITY,
            Capability.PHRASES,
            Capability.MODES,
            Capability.TEXT_FORMS,
            Capability.MODEL_CHOICE,
            Capability.TRANSLATES,
            Capability.PARAMS,
            Capability.CLIENT_SESSION_ID,
            Capability.WAKE,
            Capability.TURNS,
            Capability.BATCH,
            Capability.OWN_JOBS,
            Capability.RECOVERS,
            Capability.UPDATES_JOBS,
            Capability.WEBHOOKS,
            Capability.REGISTERS_WEBHOOKS,
            Capability.LISTS_WEBHOOKS,
            Capability.MODELS,
            Capability.LANGUAGES,
            Capability.SYNTHESIZE,
            Capability.SSML,
            Capability.VOICES,
        }
    ),
    transports=("rest", "websocket", "fast"),
    modes=("interactive", "conversation", "dictation"),
    detecting_models=DETECTING_MODELS,
    settings=(
        SettingSpec(
            "key",
            ("AZURE_SPEECH_KEY", "SPEECH_KEY"),
            "one of the two keys of the Speech resource",
            secret=True,
        ),
        SettingSpec(
            "region",
            ("AZURE_SPEECH_REGION", "SPEECH_REGION"),
            "region of the resource, such as westeurope",
        ),
        SettingSpec(
            "token",
            ("AZURE_SPEECH_TOKEN",),
            "access token to use instead of the key; aad#RESOURCE#TOKEN for Entra ID",
            secret=True,
        ),
        SettingSpec(
            "auth",
            ("AZURE_SPEECH_AUTH",),
            "token exchanges the key for a token first; key sends the key itself",
        ),
        SettingSpec(
            "api_version",
            ("AZURE_SPEECH_API_VERSION",),
            "API version of batch jobs and fast transcription: 2025-10-15 "
            "(default), 2024-11-15, v3.2, v3.1 or a later date",
        ),
        SettingSpec(
            "webhook_secret",
            ("AZURE_SPEECH_WEBHOOK_SECRET",),
            "secret that webhooks are signed with",
            secret=True,
        ),
    ),
    needs=(("key", "region"), ("token", "region")),
)

BING_SPEC = ProviderSpec(
    name="bing",
    title="Bing Speech",
    summary="Microsoft's 2018 service, and endpoints compatible with it",
    factory="stt_cli.providers.azure.provider:open_bing",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.LIVE,
            Capability.INTERIM,
            Capability.DETAILED,
            Capability.PROFANITY,
            Capability.MODES,
            Capability.TEXT_FORMS,
            Capability.PARAMS,
            Capability.CLIENT_SESSION_ID,
            Capability.WAKE,
            Capability.TURNS,
            Capability.SYNTHESIZE,
            Capability.SSML,
            Capability.VOICES,
            Capability.LANGUAGES,
        }
    ),
    transports=("rest", "websocket"),
    modes=("interactive", "conversation", "dictation"),
    settings=(
        SettingSpec(
            "key",
            ("BING_SPEECH_KEY",),
            "subscription key, exchanged for a token",
            secret=True,
        ),
        SettingSpec(
            "token",
            ("BING_SPEECH_TOKEN",),
            "access token to use instead of the key",
            secret=True,
        ),
    ),
    needs=(("key",), ("token",)),
    without_needs=frozenset({Capability.LANGUAGES, Capability.VOICES}),
)
