"""Acme Speech, a service that exists in this example only, as a provider of ``stt``.

``SPEC`` says what the provider is and can do. It is read by ``stt providers``, help
and completion, so this module loads nothing that is not needed for that.
"""

from __future__ import annotations

from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="acme",
    title="Acme Speech",
    summary="the service of the example",
    factory="stt_acme.provider:open_acme",
    # What is not listed here is refused before any audio is sent.
    capabilities=frozenset({Capability.RECOGNIZE, Capability.WORDS}),
    transports=("rest",),
    # ACME_KEY in the environment, `stt auth set acme`, or key = "…" in the config file.
    settings=(
        SettingSpec("key", ("ACME_KEY",), "The key of the account.", secret=True),
    ),
    # Any one tuple is enough. With --endpoint and no key, requests go without.
    needs=(("key",),),
    support="support@acme.example, with the request ID",
)
