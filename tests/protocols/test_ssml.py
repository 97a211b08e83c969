"""SSML: written from text and options, checked before it is sent."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.protocols import ssml

NS = "{http://www.w3.org/2001/10/synthesis}"


def style(**options: object) -> ssml.Style:
    return ssml.style_of(language="en-US", **options)  # type: ignore[arg-type]


@given(st.text())
def test_any_text_becomes_a_well_formed_document_that_says_it(text: str) -> None:
    document = ssml.check(ssml.build(text, style(voice='A "quoted" & <odd> one')))
    kept = ssml._NOT_XML.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n")
    assert document.spoken == kept
    assert (document.language, document.version) == ("en-US", "1.0")


def test_options_become_a_voice_around_prosody_around_the_text() -> None:
    text = ssml.build(
        "a < b",
        style(voice="V", gender="Female", rate="+30%", volume="+20%", pitch="high"),
    )
    root = ElementTree.fromstring(text)
    voice = root.find(f"{NS}voice")
    assert voice is not None
    assert voice.get("name") == "V"
    assert voice.get("gender") == "Female"
    shape = voice.find(f"{NS}prosody")
    assert shape is not None
    assert shape.attrib == {"rate": "+30.00%", "pitch": "high", "volume": "+20.00%"}
    assert shape.text == "a < b"


def test_a_break_follows_its_word_wherever_it_stands() -> None:
    text = ssml.build("Hello, hello helloes", style(breaks=["hello=1.5s"]))
    pause = '<break time="1500ms"/>'
    assert f">Hello{pause}, hello{pause} helloes<" in text


def test_a_break_without_a_word_stands_between_sentences() -> None:
    text = ssml.build("One. Two.", style(breaks=["strong"]))
    assert '>One. <break strength="strong"/>Two.<' in text


def test_a_word_gets_its_phonemes_and_its_break() -> None:
    text = ssml.build(
        "a tomato & more", style(phonemes=["Tomato=təˈmɑː"], breaks=["tomato=1s"])
    )
    assert (
        '>a <phoneme alphabet="ipa" ph="təˈmɑː">tomato</phoneme>'
        '<break time="1000ms"/> &amp; more<' in text
    )


def test_an_alphabet_may_stand_before_the_sounds() -> None:
    assert ssml.read_phoneme("a=espeak:t@m'eItoU").alphabet == "espeak"
    assert ssml.read_phoneme("a=aː:b").ph == "aː:b"


@pytest.mark.parametrize("typed", ["soon", "=1s", "word=", "3", "-1s"])
def test_what_is_no_pause_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        ssml.read_break(typed)


@pytest.mark.parametrize("typed", ["tomato", "=x", "tomato="])
def test_what_is_no_pronunciation_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        ssml.read_phoneme(typed)


def test_a_mistake_is_named_with_line_and_column() -> None:
    with pytest.raises(UsageError) as refused:
        ssml.check("<speak>\n  <voice>hello</speak>")
    assert "mismatched tag (line 2, column 17)" in refused.value.message


@pytest.mark.parametrize(
    "document",
    [
        "",
        "  ",
        "hello",
        "<html/>",
        '<speak xmlns="urn:other"/>',
        "<speak>&nbsp;</speak>",
        '<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>',
        '<!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak>&a;</speak>',
        '<!DOCTYPE speak [<!ENTITY a SYSTEM "/etc/passwd">]><speak>&a;</speak>',
        '<!DOCTYPE speak [<!ENTITY % a SYSTEM "http://x/">%a;]><speak/>',
        "<speak><speak>",
    ],
)
def test_what_is_no_ssml_or_reaches_outside_is_refused(document: str) -> None:
    with pytest.raises(UsageError):
        ssml.check(document)


def test_a_document_tells_its_voices_and_language() -> None:
    document = ssml.check(
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" '
        'xml:lang="de-DE"><voice name=" A ">x</voice><voice name="B"/><break/></speak>'
    )
    assert document.language == "de-DE"
    assert document.voices == ("A", "B")


@pytest.mark.parametrize(
    "encoded",
    [
        "<speak>é</speak>".encode(),
        b"\xef\xbb\xbf" + "<speak>é</speak>".encode(),
        "<?xml version='1.0' encoding='iso-8859-1'?>\n<speak>é</speak>".encode(
            "latin1"
        ),
        "\ufeff<?xml version='1.0' encoding='utf-16'?><speak>é</speak>".encode(
            "utf-16-le"
        ),
    ],
)
def test_a_file_is_read_in_the_encoding_it_names(encoded: bytes) -> None:
    assert ssml.decode(encoded) == "<speak>é</speak>"


@pytest.mark.parametrize(
    "encoded", [b"<speak>\xff</speak>", b"<?xml version='1.0' encoding='x-odd'?><a/>"]
)
def test_a_file_in_no_known_encoding_is_refused(encoded: bytes) -> None:
    with pytest.raises(UsageError):
        ssml.decode(encoded)


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_a_refusal(data: bytes) -> None:
    try:
        ssml.check(ssml.decode(data))
    except UsageError:
        return
