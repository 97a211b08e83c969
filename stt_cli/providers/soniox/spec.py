"""What Soniox is, told without loading its client."""

from __future__ import annotations

from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="soniox",
    title="Soniox",
    summary="Soniox: real-time and batch, detects the language, translates",
    factory="stt_cli.providers.soniox.provider:open_soniox",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.LIVE,
            Capability.INTERIM,
            Capability.WORDS,
            Capability.SPEAKERS,
            Capability.PHRASES,
            Capability.MODEL_CHOICE,
            Capability.TRANSLATES,
            Capability.JOB_TRANSLATES,
            Capability.PARAMS,
            Capability.DETECTS_LANGUAGE,
            Capability.CANDIDATES,
            Capability.CLIENT_SESSION_ID,
            Capability.BATCH,
            Capability.STORES_FILES,
            Capability.RECOVERS,
            Capability.WEBHOOKS,
            Capability.SYNTHESIZE,
            Capability.VOICES,
            Capability.MODELS,
            Capability.LANGUAGES,
            Capability.USAGE,
        }
    ),
    transports=("websocket",),
    settings=(
        SettingSpec(
            "key",
            ("SONIOX_API_KEY",),
            "API key of a project in the Soniox Console",
            secret=True,
        ),
        SettingSpec(
            "region",
            ("SONIOX_REGION",),
            "region of the project: us, eu, jp or in; us by default",
        ),
        SettingSpec(
            "webhook_header",
            ("SONIOX_API_WEBHOOK_HEADER",),
            "header that verifies notifications; X-Soniox-Webhook-Secret by default",
        ),
        SettingSpec(
            "webhook_secret",
            ("SONIOX_API_WEBHOOK_SECRET",),
            "value of that header; without it, notifications are not verified",
            secret=True,
        ),
    ),
    needs=(("key",),),
    default_language=None,
    support="support@soniox.com",
    secret_params=frozenset({"webhook_auth_header_value"}),
)
