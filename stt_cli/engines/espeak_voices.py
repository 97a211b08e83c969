"""eSpeak NG's voices under names that people can type, and the choice among them.

A voice's ID is the name of its file (``en-US``, ``de``); ``+NAME`` behind it asks
for a variant of its sound (``en-US+f2``), as eSpeak NG's own command has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from stt_cli.core.catalog import Voice
from stt_cli.core.errors import NotFoundError, UsageError

# The variant that stands for a language's woman's voice; no language has one of
# its own, and of the five plain ones this is understood best.
FEMALE = "f2"


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice file: ``languages`` are (priority, tag), the lowest priority best."""

    identifier: str
    name: str
    languages: tuple[tuple[int, str], ...]

    @property
    def id(self) -> str:
        """What ``--voice`` takes."""
        return self.identifier.rpartition("/")[2]

    @property
    def language(self) -> str:
        """Its main language as a tag in the customary spelling."""
        return tag_case(self.languages[0][1])

    def priority(self, tag: str) -> int | None:
        """Return how well it fits a language tag in lower case, low being good."""
        return next((rank for rank, name in self.languages if name == tag), None)


class VoiceBook:
    """All voices and variants of an installation."""

    def __init__(self, voices: Sequence[EspeakVoice], variants: Sequence[str]) -> None:
        self._voices = tuple(voices)
        self._by_name = {voice.name.casefold(): voice for voice in voices}
        self._by_name |= {voice.id.casefold(): voice for voice in voices}
        self._variants = {name.casefold(): name for name in variants}

    def all(self) -> tuple[Voice, ...]:
        """Return each voice as a man's and as a woman's."""
        return tuple(
            _as_voice(voice, variant)
            for voice in self._voices
            for variant in (None, FEMALE)
        )

    def choose(
        self, wanted: str | None, language: str | None, gender: str | None
    ) -> Voice:
        """Return the voice of that name, else the best one for the language."""
        if wanted:
            return self._named(wanted)
        if gender not in (None, "male", "female"):
            raise UsageError(
                f"eSpeak NG has no {gender} voices", hint="use --gender male or female"
            )
        voice = self._speaking(language or "en-US")
        return _as_voice(voice, FEMALE if gender == "female" else None)

    def identifier(self, voice_id: str) -> str:
        """Return what the library calls a voice that ``choose`` or ``all`` gave."""
        base, plus, variant = voice_id.partition("+")
        return f"{self._by_name[base.casefold()].identifier}{plus}{variant}"

    def find(self, wanted: str) -> Voice | None:
        """Return the voice of that name, or ``None``."""
        base, plus, variant = wanted.strip().partition("+")
        voice = self._by_name.get(base.strip().casefold())
        if voice is None or (plus and variant.casefold() not in self._variants):
            return None
        return _as_voice(voice, self._variants[variant.casefold()] if plus else None)

    def _named(self, wanted: str) -> Voice:
        found = self.find(wanted)
        if found:
            return found
        base, plus, variant = wanted.partition("+")
        known = self._by_name.get(base.strip().casefold())
        if known and plus:
            near = get_close_matches(variant.casefold(), self._variants, n=3)
            names = [f"{known.id}+{self._variants[name]}" for name in near]
        else:
            near = get_close_matches(base.strip().casefold(), self._by_name, n=3)
            names = list(dict.fromkeys(self._by_name[name].id for name in near))
        hint = f"did you mean {' or '.join(names)}?" if names else None
        raise NotFoundError(
            f"eSpeak NG has no voice named {wanted!r}",
            hint=hint or "`stt voices` lists them",
        )

    def _speaking(self, language: str) -> EspeakVoice:
        tag = language.strip().replace("_", "-").lower()
        while tag:
            fitting = [
                (rank, at, voice)
                for at, voice in enumerate(self._voices)
                if (rank := voice.priority(tag)) is not None
            ]
            if fitting:
                return min(fitting)[2]
            tag = tag.rpartition("-")[0]
        raise UsageError(
            f"eSpeak NG does not support {language}",
            hint="`stt voices` lists the languages",
        )


def tag_case(tag: str) -> str:
    """Return a language tag in the spelling of BCP 47: ``zh-Hant-TW``."""
    head, *rest = tag.split("-")
    shaped = [head.lower()]
    for part in rest:
        if shaped[-1] == "x" or len(part) in (1, 3) or len(part) > 4:
            shaped.append(part.lower() if not part.isdigit() else part)
        else:
            shaped.append(part.upper() if len(part) == 2 else part.title())
    return "-".join(shaped)


def _as_voice(voice: EspeakVoice, variant: str | None) -> Voice:
    female = variant is not None and variant.startswith("f")
    return Voice(
        id=f"{voice.id}+{variant}" if variant else voice.id,
        language=voice.language,
        name=voice.name.strip(),
        gender="female" if female else "male",
        details={"languages": [tag_case(tag) for _, tag in voice.languages]},
    )
