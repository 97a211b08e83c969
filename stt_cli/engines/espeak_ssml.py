"""SSML rewritten into the part of it that eSpeak NG reads, and reads safely.

eSpeak NG 1.52 has a parser of its own: it speaks comments and CDATA marks aloud,
copies names into small buffers, keeps voices on a stack of fixed size, and plays
any local file that ``<audio src>`` names. What arrives here was read by expat;
what leaves has only the elements below, closed, shallow and short.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from stt_cli.core.errors import UsageError
from stt_cli.core.xml_text import escape, quoted

FindVoice = Callable[[str | None, str | None, str | None], str | None]
"""From name, language and gender of a ``<voice>`` to the library's own name."""

FromIpa = Callable[[str], str]
"""From a pronunciation in IPA to the voice's own letters."""

# The library's stacks hold 20 voices and 20 sets of parameters.
_DEEPEST = 12
_LONGEST_VALUE = 100
_KEPT = {
    "p": (),
    "s": (),
    "prosody": ("rate", "volume", "pitch", "range"),
    "emphasis": ("level",),
    "break": ("strength", "time"),
    "say-as": ("interpret-as", "format", "detail"),
    "sub": ("alias",),
    "mark": ("name",),
}
_SILENT = {"metadata", "meta", "lexicon", "desc", "title"}
_STACKED = {"prosody", "emphasis", "voice"}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What the engine is given; ``phonemes`` tells it to read ``[[…]]``."""

    text: str
    phonemes: bool


def rewrite(
    text: str, find_voice: FindVoice, from_ipa: FromIpa, *, lenient: bool = False
) -> Rewritten:
    """Return a document as eSpeak NG can take it.

    Args:
        lenient: leave out what the engine lacks instead of refusing it.

    Raises:
        UsageError: it is not well-formed, nested too deep, or asks for what the
            engine lacks: a contour, an alphabet of phonemes, a voice.
    """
    rewriter = _Rewriter(find_voice, from_ipa, lenient=lenient)
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = rewriter.start
    parser.EndElementHandler = rewriter.end
    parser.CharacterDataHandler = rewriter.characters
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as fault:
        raise UsageError(f"the SSML is not well-formed: {fault}") from None
    return Rewritten("".join(rewriter.out), rewriter.phonemes)


class _Rewriter:
    def __init__(
        self, find_voice: FindVoice, from_ipa: FromIpa, *, lenient: bool
    ) -> None:
        self._from_ipa = from_ipa
        self._lenient = lenient
        self.out: list[str] = []
        self.phonemes = False
        self._find_voice = find_voice
        self._closing: list[str] = []
        self._stacked = 0
        self._silent = 0

    def start(self, full_name: str, attributes: dict[str, str]) -> None:
        name = full_name.rpartition(" ")[2]
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if self._silent or name in _SILENT:
            self._silent += 1
            self._closing.append("")
            return
        if name in _STACKED:
            self._stacked += 1
            if self._stacked > _DEEPEST:
                raise UsageError(
                    f"the SSML nests more than {_DEEPEST} voice and prosody elements",
                    hint="eSpeak NG does not support more",
                )
        self._closing.append(self._open(name, plain))

    def end(self, full_name: str) -> None:
        closing = self._closing.pop()
        if self._silent:
            self._silent -= 1
            return
        if full_name.rpartition(" ")[2] in _STACKED:
            self._stacked -= 1
        self.out.append(closing)

    def characters(self, text: str) -> None:
        if not self._silent:
            # Two brackets would begin a phoneme string.
            self.out.append(escape(text).replace("[[", "[ ["))

    def _open(self, name: str, attributes: dict[str, str]) -> str:
        if name == "speak":
            return self._element("speak", {"xml:lang": ""}, "</speak>")
        if name == "voice":
            return self._voice(attributes)
        if name == "phoneme":
            return self._phoneme(attributes)
        if name == "prosody" and "contour" in attributes and not self._lenient:
            raise UsageError(
                "eSpeak NG does not support pitch contours",
                hint="use pitch or range, or a different provider",
            )
        if name not in _KEPT:
            return ""  # its content is spoken, as the standard wants it
        kept = {key: attributes[key] for key in _KEPT[name] if key in attributes}
        if name == "break" and "time" in kept:
            kept["time"] = _in_milliseconds(kept["time"])
        return self._element(name, kept, f"</{name}>")

    def _voice(self, attributes: dict[str, str]) -> str:
        name, language = attributes.get("name"), attributes.get("lang")
        gender = attributes.get("gender", "").lower() or None  # 2018 writes 'Female'
        if not (name or language or gender):
            return ""
        found = self._find_voice(name, language, gender)
        return self._element("voice", {"name": found or ""}, "</voice>")

    def _phoneme(self, attributes: dict[str, str]) -> str:
        alphabet = attributes.get("alphabet", "ipa")
        sounds = attributes.get("ph", "")
        if alphabet == "ipa":
            try:
                sounds = self._from_ipa(sounds)
            except UsageError:
                if self._lenient:
                    return ""  # the word itself is spoken
                raise
        elif alphabet not in ("espeak", "x-espeak"):
            if self._lenient:
                return ""
            raise UsageError(
                f"eSpeak NG does not support {alphabet} phonemes",
                hint="use IPA, or eSpeak NG phonemes such as espeak:t@m'eItoU",
            )
        sounds = sounds.replace("]]", "")
        self.phonemes = True
        self.out.append(f"[[{escape(_short(sounds))}]] ")
        self._silent = 1  # the word itself is not spoken as well
        return ""

    def _element(self, name: str, attributes: dict[str, str], closing: str) -> str:
        given = "".join(
            f" {key}={quoted(_short(value))}"
            for key, value in attributes.items()
            if value
        )
        self.out.append(f"<{name}{given}>")
        return closing


def _in_milliseconds(time: str) -> str:
    """Return a pause without a fraction, which the library would stop at."""
    match = re.fullmatch(r"\s*\+?(\d*\.?\d+)\s*(ms|s)\s*", time)
    if match is None:
        return time
    return f"{float(match[1]) * (1000 if match[2] == 's' else 1):.0f}ms"


def _short(value: str) -> str:
    if len(value) > _LONGEST_VALUE:
        raise UsageError(
            f"the SSML has an attribute of {len(value)} characters",
            hint=f"eSpeak NG accepts at most {_LONGEST_VALUE}",
        )
    return value.replace("\\", " ")
