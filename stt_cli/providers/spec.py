"""What a provider is and can do, as data: light to import, for help and completion.

A third party registers its spec under the entry point group ``stt.providers``.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from stt_cli.core.errors import UsageError

if TYPE_CHECKING:
    from stt_cli.providers.base import Provider, ProviderContext


class Capability(StrEnum):
    """What a provider may be able to do; a command asks before it sends audio."""

    RECOGNIZE = "recognize"
    LIVE = "live"  # takes audio while it is spoken
    INTERIM = "interim"
    DETAILED = "detailed"
    WORDS = "words"
    SPEAKERS = "speakers"
    MAX_SPEAKERS = "max-speakers"
    JOB_CHANNELS = "job-channels"  # jobs hear each channel by itself
    PROFANITY = "profanity"
    PHRASES = "phrases"
    MODES = "modes"
    TEXT_FORMS = "text-forms"
    TOGETHER = "together"  # several inputs in one request
    MODEL_CHOICE = "model-choice"
    TRANSLATES = "translates"  # while it recognizes
    JOB_TRANSLATES = "job-translates"  # jobs do
    PARAMS = "params"
    DETECTS_LANGUAGE = "detects-language"
    CANDIDATES = "language-candidates"  # finds out which of several languages
    CLIENT_SESSION_ID = "client-session-id"
    WAKE = "wake"
    TURNS = "turns"  # ends after so many
    CLUSTER = "cluster"  # spreads its work over a Dask cluster
    BATCH = "batch"
    OWN_JOBS = "own-jobs"  # batch without a job service: a job of our own
    STORES_FILES = "stores-files"  # uploads that stay until they are deleted
    RECOVERS = "recovers"  # goes on with a submission whose answer was lost
    UPDATES_JOBS = "updates-jobs"
    WEBHOOKS = "webhooks"
    REGISTERS_WEBHOOKS = "registers-webhooks"  # for the whole account
    LISTS_WEBHOOKS = "lists-webhooks"
    SYNTHESIZE = "synthesize"
    SSML = "ssml"
    SPEAKER_CHOICE = "speaker-choice"  # of a voice with several
    VOICES = "voices"
    MODELS = "models"
    LANGUAGES = "languages"
    USAGE = "usage"


OFFERS: Mapping[Capability, str] = {
    Capability.RECOGNIZE: "recognition",
    Capability.TOGETHER: "several inputs in one request",
    Capability.BATCH: "batch jobs",
    Capability.STORES_FILES: "listing uploaded files",
    Capability.UPDATES_JOBS: "changing jobs",
    Capability.WEBHOOKS: "webhooks",
    Capability.REGISTERS_WEBHOOKS: "account-wide webhooks",
    Capability.LISTS_WEBHOOKS: "listing webhooks",
    Capability.SYNTHESIZE: "speech synthesis",
    Capability.SSML: "SSML",
    Capability.VOICES: "listing voices",
    Capability.MODELS: "listing models",
    Capability.LANGUAGES: "listing languages",
    Capability.USAGE: "usage reports",
}

"""What a capability is in a message about a provider that lacks it."""


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting of a provider, and the environment variables that give it.

    ``name`` is the key in the config file and in ``stt auth set PROVIDER NAME``.
    """

    name: str
    variables: tuple[str, ...]
    help: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What a provider is, told without loading it.

    ``needs`` lists the ways to be ready: any one tuple of setting names will do;
    empty means that it needs none. ``without_needs`` is what it can do without
    them, from a table of its own. ``factory`` is ``"module:function"``; the
    function takes a ``ProviderContext`` and returns a ``Provider``. ``support``
    says where the vendor takes support cases, where the vendor tells.
    ``secret_params`` names the keys of ``--param`` whose values are secrets.
    ``detecting_models`` says how the names of models begin that find out the
    language: they take no default.
    """

    name: str
    title: str
    summary: str
    factory: str
    capabilities: frozenset[Capability]
    transports: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    settings: tuple[SettingSpec, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    without_needs: frozenset[Capability] = frozenset()
    default_language: str | None = "en-US"
    detecting_models: tuple[str, ...] = ()
    is_local: bool = False
    support: str | None = None
    secret_params: frozenset[str] = frozenset()

    def can(self, capability: Capability) -> bool:
        """Whether the provider has this capability."""
        return capability in self.capabilities

    def language_for(self, model: str | None) -> str | None:
        """Return the language where the user names none; ``None`` is detected."""
        detects = (model or "").lower().startswith(self.detecting_models)
        return None if self.detecting_models and detects else self.default_language

    def require(self, capability: Capability, asked: str | None = None) -> None:
        """Raise ``UsageError`` unless the provider has this capability.

        Args:
            asked: what the user asked for, where the message says more than
                ``OFFERS``.
        """
        if not self.can(capability):
            raise UsageError(
                f"{self.name} does not support {asked or OFFERS[capability]}",
                hint="`stt providers` shows what each provider can do",
            )

    def open(self, context: ProviderContext) -> Provider:
        """Load the provider's code and make it ready for one command."""
        module_name, _, function_name = self.factory.partition(":")
        factory = getattr(importlib.import_module(module_name), function_name)
        return cast("Provider", factory(context))
