"""SSML: written from text and options, and checked before anything is sent.

Speech Synthesis Markup Language 1.0, W3C Recommendation of 7 September 2004. A
document is read with expat, which fetches nothing; declared entities are refused,
so that no small document grows into a large one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from stt_cli.core.errors import UsageError
from stt_cli.core.xml_text import escape as _escape_xml
from stt_cli.core.xml_text import quoted
from stt_cli.protocols import prosody
from stt_cli.protocols.sentences import sentences

NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
ALPHABETS = ("ipa", "sapi", "ups", "x-sampa", "espeak")

# What XML 1.0 cannot hold, not even as a reference (section 2.2).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*?\?>\s*")
_ENCODING = re.compile(rb"^<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_TIME = re.compile(r"\+?(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)", re.IGNORECASE)
_STRENGTHS = ("none", "x-weak", "weak", "medium", "strong", "x-strong")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Break:
    """A pause: ``after`` a word or phrase, or after each sentence if ``None``."""

    attribute: str
    value: str
    after: str | None = None

    @property
    def tag(self) -> str:
        """The element."""
        return f"<break {self.attribute}={quoted(self.value)}/>"


@dataclass(frozen=True, slots=True)
class Phoneme:
    """How a word or phrase is to be pronounced, wherever it stands."""

    word: str
    ph: str
    alphabet: str = "ipa"


@dataclass(frozen=True, slots=True)
class Style:
    """Everything besides the text: what an SSML document is built with.

    ``rate``, ``pitch``, ``volume`` and ``contour`` are attribute values.
    """

    language: str = "en-US"
    voice: str | None = None
    gender: str | None = None
    rate: str | None = None
    pitch: str | None = None
    volume: str | None = None
    contour: str | None = None
    breaks: tuple[Break, ...] = ()
    phonemes: tuple[Phoneme, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says about itself, known once it was checked.

    ``voices`` are the names in it, in order. The root element need not be in SSML's
    namespace: the 2018 document's own request has none.
    """

    text: str
    language: str | None
    version: str | None
    voices: tuple[str, ...] = ()
    spoken: str = field(default="", repr=False)


def build(text: str, style: Style) -> str:
    """Return a well-formed document that speaks ``text`` in that style."""
    shape = {
        name: value
        for name in ("rate", "pitch", "volume", "contour")
        if (value := getattr(style, name)) is not None
    }
    voice = {"xml:lang": style.language, "gender": style.gender, "name": style.voice}
    body = marked_up(text, style.breaks, style.phonemes)
    if shape:
        body = f"<prosody{_attributes(shape)}>{body}</prosody>"
    if style.voice or style.gender:
        body = f"<voice{_attributes(voice)}>{body}</voice>"
    root = {"version": "1.0", "xmlns": NAMESPACE, "xml:lang": style.language}
    return f"<speak{_attributes(root)}>{body}</speak>"


def escape(text: str) -> str:
    """Return text as it stands in a document; what XML cannot hold is a space."""
    return _escape_xml(_NOT_XML.sub(" ", text))


def marked_up(text: str, breaks: Sequence[Break], phonemes: Sequence[Phoneme]) -> str:
    """Return the text escaped, with its pauses and pronunciations marked."""
    between = "".join(pause.tag for pause in breaks if pause.after is None)
    words = {pause.after.casefold(): pause for pause in breaks if pause.after}
    sounds = {sound.word.casefold(): sound for sound in phonemes}
    if not (between or words or sounds):
        return escape(text)
    parts = list(sentences(text)) if between else [text]
    return between.join(_with_words(part, words, sounds) for part in parts)


def _with_words(
    text: str, breaks: dict[str, Break], phonemes: dict[str, Phoneme]
) -> str:
    names = sorted({*breaks, *phonemes}, key=len, reverse=True)
    if not names:
        return escape(text)
    pattern = "|".join(map(re.escape, names))
    found = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    out, start = [], 0
    for match in found.finditer(text):
        key = match[0].casefold()
        out += [escape(text[start : match.start()])]
        out += [_sounded(match[0], phonemes.get(key))]
        out += [breaks[key].tag if key in breaks else ""]
        start = match.end()
    return "".join([*out, escape(text[start:])])


def _sounded(word: str, sound: Phoneme | None) -> str:
    if sound is None:
        return escape(word)
    how = _attributes({"alphabet": sound.alphabet, "ph": sound.ph})
    return f"<phoneme{how}>{escape(word)}</phoneme>"


def _attributes(pairs: Mapping[str, str | None]) -> str:
    return "".join(
        f" {name}={quoted(_NOT_XML.sub(' ', value))}"
        for name, value in pairs.items()
        if value is not None
    )


def read_break(text: str) -> Break:
    """Read ``--break``: ``300ms``, ``strong``, or ``WORD=300ms``."""
    after, equals, value = text.rpartition("=")
    value = value.strip()
    if equals and not after.strip():
        raise UsageError(f"{text!r} has no word", hint="use WORD=300ms or 300ms")
    word = after.strip() or None
    if value.lower() in _STRENGTHS:
        return Break("strength", value.lower(), word)
    match = _TIME.fullmatch(value)
    if match is None:
        raise UsageError(
            f"invalid pause {value!r}",
            hint=f"use 300ms, 1.5s, or one of {', '.join(_STRENGTHS)}",
        )
    milliseconds = float(match[1]) * (1 if match[2].lower() == "ms" else 1000)
    return Break("time", f"{milliseconds:.0f}ms", word)


def read_phoneme(text: str) -> Phoneme:
    """Read ``--phoneme``: ``WORD=IPA``, or ``WORD=ALPHABET:…``."""
    word, equals, ph = (part.strip() for part in text.partition("="))
    if not (equals and word and ph):
        raise UsageError(
            f"invalid pronunciation {text!r}",
            hint="use WORD=IPA, such as tomato=təˈmeɪtoʊ",
        )
    alphabet, colon, sounds = ph.partition(":")
    if colon and alphabet in ALPHABETS and sounds:
        return Phoneme(word, sounds.strip(), alphabet)
    return Phoneme(word, ph)


def style_of(
    *,
    language: str,
    voice: str | None = None,
    gender: str | None = None,
    rate: str | None = None,
    pitch: str | None = None,
    volume: str | None = None,
    contour: str | None = None,
    breaks: Sequence[str] = (),
    phonemes: Sequence[str] = (),
) -> Style:
    """Return the style that options as typed ask for. Raises ``UsageError``."""
    return Style(
        language=language,
        voice=voice,
        gender=gender,
        rate=prosody.rate(rate).to_ssml() if rate else None,
        pitch=prosody.pitch(pitch).to_ssml() if pitch else None,
        volume=prosody.volume(volume).to_ssml() if volume else None,
        contour=prosody.contour(contour) if contour else None,
        breaks=tuple(map(read_break, breaks)),
        phonemes=tuple(map(read_phoneme, phonemes)),
    )


def decode(data: bytes) -> str:
    """Return a document's text, by its byte order mark or XML declaration.

    The declaration is dropped, since it would name an encoding that the text no
    longer has. Raises ``UsageError``.
    """
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None:
        declared = _ENCODING.match(data.lstrip()[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        text = data.decode(encoding)
    except LookupError:
        raise UsageError(
            f"the SSML declares the unknown encoding {encoding}",
            hint="save it as UTF-8",
        ) from None
    except UnicodeError as fault:
        raise UsageError(
            f"the SSML is not valid {encoding}: {fault}",
            hint="save it as UTF-8",
        ) from None
    return _DECLARATION.sub("", text.lstrip("\ufeff"))


def check(text: str) -> Document:
    """Read a document and return what it says about itself.

    Raises:
        UsageError: it is not well-formed, declares entities, or is no SSML; the
            message names line and column.
    """
    return _Checker().read(text)


class _Checker:
    """One reading of a document by expat."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse_entity
        self._parser.SkippedEntityHandler = self._refuse_entity
        self._root: dict[str, str] | None = None
        self._voices: list[str] = []
        self._spoken: list[str] = []

    def read(self, text: str) -> Document:
        if not text.strip():
            raise UsageError(
                "the SSML is empty", hint="an SSML document starts with <speak>"
            )
        try:
            self._parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as fault:
            raise UsageError(
                f"the SSML is not well-formed: {expat.ErrorString(fault.code)} "
                f"(line {fault.lineno}, column {fault.offset + 1})",
                hint="for plain text, remove --ssml",
            ) from None
        root = self._root or {}
        return Document(
            text=text,
            language=root.get(f"{_XML_NAMESPACE} lang"),
            version=root.get("version"),
            voices=tuple(self._voices),
            spoken="".join(self._spoken),
        )

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = full_name.rpartition(" ")
        if self._root is None:
            if name != "speak" or namespace not in ("", NAMESPACE):
                raise self._at(f"the root element is <{name}>, not <speak>")
            self._root = attributes
        if name == "voice" and "name" in attributes:
            self._voices.append(attributes["name"].strip())

    def _characters(self, text: str) -> None:
        self._spoken.append(text)

    def _refuse_entity(self, name: str, *_declared: Any) -> None:
        raise self._at(f"entities such as &{name}; are not supported in SSML")

    def _at(self, what: str) -> UsageError:
        line, column = (
            self._parser.CurrentLineNumber,
            self._parser.CurrentColumnNumber + 1,
        )
        return UsageError(f"{what} (line {line}, column {column})")
