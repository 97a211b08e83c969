"""What Bing Speech is, told without loading its client."""

from __future__ import annotations

from stt_cli.providers.base import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="bing",
    title="Bing Speech",
    summary="Microsoft's service of 2018, and endpoints that still speak its wire",
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
            "the subscription key, traded for a token",
            secret=True,
        ),
        SettingSpec(
            "token",
            ("BING_SPEECH_TOKEN",),
            "an access token instead of the key",
            secret=True,
        ),
    ),
    needs=(("key",), ("token",)),
    without_needs=frozenset({Capability.LANGUAGES, Capability.VOICES}),
)
