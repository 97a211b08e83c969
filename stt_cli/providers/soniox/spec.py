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
            "an API key of a project in the Soniox Console",
            secret=True,
        ),
        SettingSpec(
            "region",
            ("SONIOX_REGION",),
            "the project's region: us, eu, jp or in; us if not set",
        ),
        SettingSpec(
            "webhook_header",
            ("SONIOX_API_WEBHOOK_HEADER",),
            "the header that proves a notification, X-Soniox-Webhook-Secret if not set",
        ),
        SettingSpec(
            "webhook_secret",
            ("SONIOX_API_WEBHOOK_SECRET",),
            "the value of that header; without one nothing proves a notification",
            secret=True,
        ),
    ),
    needs=(("key",),),
    default_language=None,
    support="support@soniox.com",
    secret_params=frozenset({"webhook_auth_header_value"}),
)
