"""Synthesis by Azure and Bing as data: formats, records, voices, limits."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import NotFoundError, UsageError
from stt_cli.protocols import ssml
from stt_cli.protocols.azure_tts.formats import (
    AZURE_FORMATS,
    AZURE_TABLE,
    BING_FORMATS,
    BING_TABLE,
    describe_format,
    mismatch,
    seconds_of,
)
from stt_cli.protocols.azure_tts.pieces import (
    AZURE_LIMITS,
    BING_LIMITS,
    estimated_seconds,
    halves,
    split_text,
)
from stt_cli.protocols.azure_tts.record import (
    AudioRecord,
    RecordError,
    build_record,
    parse_records,
)
from stt_cli.protocols.azure_tts.voices_2018 import bing_voices, find_bing_voice

STYLE = ssml.style_of(language="en-US", voice="A voice")


@pytest.mark.conformance("BS-51")
@pytest.mark.parametrize(
    ("name", "container", "codec", "rate", "suffix"),
    [
        ("ssml-16khz-16bit-mono-tts", "ssml", "pcm_s16le", 16_000, "ssml"),
        ("raw-16khz-16bit-mono-pcm", "raw", "pcm_s16le", 16_000, "raw"),
        ("audio-16khz-16kbps-mono-siren", "raw", "siren", 16_000, "siren"),
        ("riff-16khz-16kbps-mono-siren", "wav", "siren", 16_000, "wav"),
        ("riff-16khz-16bit-mono-pcm", "wav", "pcm_s16le", 16_000, "wav"),
        ("audio-16khz-128kbitrate-mono-mp3", "mp3", "mp3", 16_000, "mp3"),
        ("audio-16khz-64kbitrate-mono-mp3", "mp3", "mp3", 16_000, "mp3"),
        ("audio-16khz-32kbitrate-mono-mp3", "mp3", "mp3", 16_000, "mp3"),
        ("riff-8khz-8bit-mono-mulaw", "wav", "mulaw", 8_000, "wav"),
    ],
)
def test_bings_formats_have_their_container_and_suffix(
    name: str, container: str, codec: str, rate: int, suffix: str
) -> None:
    assert name in BING_FORMATS
    made = describe_format(BING_TABLE.choose(name))
    assert (made.container, made.codec, made.sample_rate, made.suffix) == (
        container,
        codec,
        rate,
        suffix,
    )
    assert len(BING_FORMATS) == 9


def test_every_format_of_today_can_be_told() -> None:
    for name in AZURE_FORMATS:
        made = describe_format(name)
        assert made.sample_rate in (8_000, 16_000, 22_050, 24_000, 44_100, 48_000)
        assert AZURE_TABLE.choose(name.upper()) == name
    assert describe_format("audio-24khz-16bit-48kbps-mono-opus").container == "ogg"
    assert describe_format("raw-24khz-16bit-mono-truesilk").suffix == "silk"


def test_an_unknown_format_is_refused_with_near_ones() -> None:
    with pytest.raises(UsageError) as refused:
        BING_TABLE.choose("riff-16khz-16bit-stereo-pcm")
    assert "riff-16khz-16bit-mono-pcm" in str(refused.value.hint)


def test_the_length_of_audio_is_told_by_its_format() -> None:
    assert seconds_of("raw-16khz-16bit-mono-pcm", 32_000) == 1.0
    assert seconds_of("riff-8khz-8bit-mono-mulaw", 8_000) == 1.0
    assert seconds_of("audio-16khz-32kbitrate-mono-mp3", 4_000) == 1.0
    assert seconds_of("ogg-24khz-16bit-mono-opus", 4_000) is None


@pytest.mark.conformance("BS-51")
@pytest.mark.parametrize(
    ("name", "kind", "head", "good"),
    [
        ("riff-16khz-16bit-mono-pcm", "audio/x-wav", b"RIFF", True),
        ("riff-16khz-16bit-mono-pcm", "", b"RIFF", True),
        ("riff-16khz-16bit-mono-pcm", "audio/mpeg", b"RIFF", False),
        ("riff-16khz-16bit-mono-pcm", "audio/x-wav", b"ID3\x04", False),
        ("riff-16khz-16bit-mono-pcm", "text/html", b"<htm", False),
        ("audio-16khz-32kbitrate-mono-mp3", "audio/mpeg", b"\xff\xf3\x84", True),
        ("audio-16khz-32kbitrate-mono-mp3", "audio/x-wav", b"RIFF", False),
        ("raw-16khz-16bit-mono-pcm", "audio/basic", b"\0\0\0\0", True),
        ("raw-16khz-16bit-mono-pcm", "audio/basic", b"RIFF", False),
        ("ogg-24khz-16bit-mono-opus", "audio/ogg; codecs=opus", b"OggS", True),
        ("webm-24khz-16bit-mono-opus", "audio/webm", b"\x1a\x45\xdf\xa3", True),
        ("webm-24khz-16bit-mono-opus", "audio/ogg", b"OggS", False),
        ("audio-16khz-16kbps-mono-siren", "application/json", b"{", False),
    ],
)
def test_an_answer_is_held_against_the_format_asked_for(
    name: str, kind: str, head: bytes, good: bool
) -> None:
    assert (mismatch(describe_format(name), kind, head) is None) == good


RECORDS = st.builds(
    AudioRecord,
    st.integers(0, 0xFFFF_FFFF),
    st.integers(0, 0x7FFF_FFFF),
    st.binary(max_size=200),
)


@pytest.mark.conformance("BS-57")
@given(st.lists(RECORDS, min_size=1, max_size=4))
def test_records_are_read_as_they_were_written(records: list[AudioRecord]) -> None:
    data = b"".join(map(build_record, records))
    assert parse_records(data) == records


@pytest.mark.conformance("BS-57")
@given(RECORDS, st.data())
def test_a_changed_record_is_found_out(
    record: AudioRecord, data: st.DataObject
) -> None:
    written = bytearray(build_record(record))
    outside_the_size = [at for at in range(len(written)) if not 8 <= at < 16]
    at = data.draw(st.sampled_from(outside_the_size))
    written[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RecordError):
        parse_records(bytes(written))


@pytest.mark.conformance("BS-57")
def test_the_layout_is_the_documents() -> None:
    data = build_record(AudioRecord(7, 3, b"abc"))
    rest = b"\x07\0\0\0\x03\0\0\0\x03\0\0\0abc"
    assert data == zlib.crc32(rest).to_bytes(4, "little") + rest
    for wrong in (AudioRecord(0, 0x8000_0000, b""), AudioRecord(-1, 0, b"")):
        with pytest.raises(ValueError, match=r"record|flag"):
            build_record(wrong)
    over = data[:8] + b"\0\0\0\x80" + data[12:]
    assert parse_records(over) is None  # a sample count out of range: no record


@pytest.mark.conformance("BS-57")
@given(st.binary(max_size=100))
def test_what_is_no_record_is_left_alone(data: bytes) -> None:
    try:
        parse_records(data)
    except RecordError:
        assert len(data) >= 16


@pytest.mark.conformance("BS-55")
def test_all_78_voices_are_there_without_trailing_blanks() -> None:
    voices = bing_voices()
    assert len(voices) == len({voice.id for voice in voices}) == 78
    assert all(f"{v.name}" == f"{v.name}".strip() for v in voices)
    ids = [voice.id for voice in voices]
    for name in ("de-DE, Hedda", "de-DE, Stefan, Apollo", "en-AU, Catherine"):
        assert f"Microsoft Server Speech Text to Speech Voice ({name})" in ids


@pytest.mark.conformance("BS-55")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("JessaRUS", "en-US, JessaRUS"),
        ("en-US-JessaRUS", "en-US, JessaRUS"),
        ("de-de, stefan, apollo", "de-DE, Stefan, Apollo"),
        (
            "Microsoft Server Speech Text to Speech Voice (de-DE, Hedda )",
            "de-DE, Hedda",
        ),
        ("cs-CZ, Vit", "cs-CZ, Jakub"),
        ("Shaun", "en-IE, Sean"),
    ],
)
def test_a_voice_is_found_by_any_spelling_of_its_name(wanted: str, found: str) -> None:
    voice, old = find_bing_voice(wanted, None, None)
    assert voice.id == f"Microsoft Server Speech Text to Speech Voice ({found})"
    assert (old is not None) == (wanted in ("cs-CZ, Vit", "Shaun"))


@pytest.mark.conformance("BS-55")
def test_a_voice_is_found_by_locale_and_gender() -> None:
    voice, _ = find_bing_voice(None, "de-DE", "male")
    assert voice.name == "Stefan, Apollo"
    assert find_bing_voice(None, "pt", None)[0].language == "pt-BR"
    with pytest.raises(UsageError):
        find_bing_voice(None, "ar-SA", "female")
    with pytest.raises(UsageError) as refused:
        find_bing_voice(None, "de-DD", None)
    assert "de-DE" in str(refused.value.hint)
    with pytest.raises(NotFoundError) as missing:
        find_bing_voice("JesaRUS", None, None)
    assert "JessaRUS" in str(missing.value.hint)


@pytest.mark.conformance("BS-54")
@given(st.text(max_size=4000), st.sampled_from([None, "-50.00%", "+100.00%", "slow"]))
def test_every_piece_keeps_the_limits(text: str, rate: str | None) -> None:
    style = ssml.Style(language="en-US", voice="A voice", rate=rate)
    found = list(split_text(text, style, BING_LIMITS))
    for piece in found:
        assert len(ssml.build(piece, style)) <= 1024
        assert len(piece) == 1 or estimated_seconds(piece, style) <= 15
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.conformance("BS-54")
def test_text_is_split_at_sentences() -> None:
    text = "One sentence of a good length stands here. " * 20
    found = list(split_text(text, STYLE, BING_LIMITS))
    assert len(found) > 3
    assert all(piece.endswith("here.") for piece in found)
    assert list(split_text("Short.", STYLE, BING_LIMITS)) == ["Short."]
    assert len(list(split_text(text * 20, STYLE, AZURE_LIMITS))) > 1


@given(st.text(min_size=2, max_size=100))
def test_halves_are_shorter_and_lose_no_word(text: str) -> None:
    found = halves(text)
    assert all(len(piece) <= (len(text) + 1) // 2 < len(text) for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.conformance("BS-54")
def test_ssml_over_a_limit_is_refused_with_the_limit_named() -> None:
    long = ssml.build("word " * 250, STYLE)
    with pytest.raises(UsageError) as refused:
        BING_LIMITS.check(ssml.check(long))
    assert "1,024 characters of SSML and 15 s" in refused.value.message
    slow = ssml.build("a" * 700, STYLE)
    with pytest.raises(UsageError) as refused:
        BING_LIMITS.check(ssml.check(slow))
    assert "15 s" in refused.value.message
    many = ssml.build("@", STYLE).replace("@", "<voice name='a'>x</voice>" * 51)
    with pytest.raises(UsageError) as refused:
        AZURE_LIMITS.check(ssml.check(many))
    assert "50 voices" in refused.value.message
    BING_LIMITS.check(ssml.check("<speak>no namespace</speak>"))
