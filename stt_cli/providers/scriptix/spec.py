"""What Scriptix is, told without loading its client."""

from __future__ import annotations

from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="scriptix",
    title="Scriptix",
    summary="Scriptix: batch sessions with documents, and real-time",
    factory="stt_cli.providers.scriptix.provider:open_scriptix",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.LIVE,
            Capability.INTERIM,
            Capability.WORDS,
            Capability.SPEAKERS,
            Capability.JOB_CHANNELS,
            Capability.MODEL_CHOICE,
            Capability.PARAMS,
            Capability.BATCH,
            Capability.RECOVERS,
            Capability.WEBHOOKS,
            Capability.MODELS,
        }
    ),
    transports=("websocket",),
    settings=(
        SettingSpec(
            "token",
            ("SCRIPTIX_TOKEN",),
            "token of type Batch, from the web application",
            secret=True,
        ),
        SettingSpec(
            "realtime_token",
            ("SCRIPTIX_REALTIME_TOKEN",),
            "token of type Realtime, for `stt recognize`",
            secret=True,
        ),
        SettingSpec(
            "auth",
            ("SCRIPTIX_AUTH",),
            "how to send the token: bearer, or header for x-zoom-s2t-key",
        ),
        SettingSpec(
            "webhook_secret",
            ("SCRIPTIX_WEBHOOK_SECRET",),
            "secret that verifies notifications, by signature or header",
            secret=True,
        ),
    ),
    needs=(("token",), ("realtime_token",)),
    default_language="en-US",
    secret_params=frozenset({"webhook_headers"}),
)
