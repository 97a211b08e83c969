"""A provider for tests: its spec is real, its service is not."""

from __future__ import annotations

from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="cloud",
    title="Cloud Speech",
    summary="a service for tests",
    factory="tests.nowhere:make",
    capabilities=frozenset({Capability.RECOGNIZE}),
    settings=(
        SettingSpec("key", ("CLOUD_SPEECH_KEY", "CLOUD_KEY"), "key", secret=True),
        SettingSpec("region", ("CLOUD_REGION",), "region"),
        SettingSpec("token", ("CLOUD_TOKEN",), "token", secret=True),
        SettingSpec("upload_url", ("CLOUD_UPLOAD_URL",), "where files go"),
    ),
    needs=(("key", "region"), ("token",)),
)
