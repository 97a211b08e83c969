"""What the embedded engines can do."""

from __future__ import annotations

from stt_cli.providers.spec import Capability, ProviderSpec

SPEC = ProviderSpec(
    name="local",
    title="This machine",
    summary="Whisper and eSpeak NG on this machine: offline, no account",
    factory="stt_cli.providers.local.provider:open_provider",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.LIVE,
            Capability.INTERIM,
            Capability.DETAILED,
            Capability.WORDS,
            Capability.PHRASES,
            Capability.DETECTS_LANGUAGE,
            Capability.MODEL_CHOICE,
            Capability.CLIENT_SESSION_ID,
            Capability.WAKE,
            Capability.TURNS,
            Capability.CLUSTER,
            Capability.SYNTHESIZE,
            Capability.SSML,
            Capability.SPEAKER_CHOICE,
            Capability.VOICES,
            Capability.MODELS,
            Capability.LANGUAGES,
            Capability.OWN_JOBS,
        }
    ),
    default_language="en-US",
    is_local=True,
)
