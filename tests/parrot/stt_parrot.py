"""A third party's provider: it repeats what ``--param say=…`` tells it.

Tests install it as a package of its own, so that nothing but the documented
interface and the entry point ties it to ``stt``. It says how it was used
through its phrases, fails as ``--param fail=…`` asks, and waits where
``--param wait=…`` (seconds) says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from stt_cli.audio.source import AudioSource
from stt_cli.core import errors
from stt_cli.core.catalog import Language, Model
from stt_cli.core.events import (
    Connected,
    Ended,
    Identified,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus, Segment, Word
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec

SPEC = ProviderSpec(
    name="parrot",
    title="Parrot",
    summary="repeats what it is told",
    factory="stt_parrot:open_provider",
    capabilities=frozenset(
        {
            Capability.RECOGNIZE,
            Capability.INTERIM,
            Capability.PARAMS,
            Capability.CLIENT_SESSION_ID,
            Capability.MODELS,
            Capability.LANGUAGES,
        }
    ),
    transports=("rest",),
    settings=(
        SettingSpec("key", ("PARROT_KEY",), "The key.", secret=True),
        SettingSpec("region", ("PARROT_REGION",), "The region."),
    ),
)


class Parrot(Provider):
    """Repeats."""

    _linger: tuple[str, ...] = ()

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        said = options.params.get("say", ())
        self._linger = tuple(options.params.get("linger", ()))
        yield Started(
            Identifiers.of(
                session_id=options.session_id or self.context.environment.new_hex_id()
            ),
            transport="rest",
        )
        yield Connected()
        heard = sum(len(block) for block in source.pcm())
        yield Notice("parrots repeat", hint="do not believe them")
        for number, text in enumerate(said):
            yield Partial(text[:3])
            if "wait" in options.params:
                _announce(options)
                time.sleep(float(options.params["wait"][0]))
            word = Word(text, start=float(number), end=number + 0.5)
            yield Phrase(
                Segment(text, start=float(number), end=number + 0.5, words=(word,))
            )
        yield Identified(Identifiers.of(request_id="r-1", feather_id="f-1"))
        for name in options.params.get("fail", ()):
            kind: type[errors.SttError] = getattr(errors, name)
            raise kind(
                f"the parrot raised {name}",
                hint="feed it",
                provider_code="Polly",
                http_status=418,
            )
        if "crash" in options.params:
            raise RuntimeError(f"feathers everywhere, {self.context.secrets}")
        status = options.params.get("status", ("success",))[0]
        yield Ended(RecognitionStatus(status), duration=heard / 32_000)

    def close(self) -> None:
        """Take as long as a test wants; it hears that we began."""
        for path in self._linger:
            Path(path).touch()
            time.sleep(60)

    def models(self) -> Iterator[Model]:
        """Two models."""
        yield Model("gray", ("en-US", "en-GB"), "African gray")
        yield Model("ara", ("pt-BR",))

    def languages(self) -> Iterator[Language]:
        """Three languages; of one no modes are known."""
        yield Language("en-US", ("conversation", "dictation"), "English")
        yield Language("pt-BR", ("dictation",))
        yield Language("sw")


def _announce(options: RecognizeOptions) -> None:
    """Tell a test that runs us in another process that we are waiting."""
    for path in options.params.get("touch", ()):
        Path(path).touch()


def open_provider(context: ProviderContext) -> Parrot:
    return Parrot(SPEC, context)
