"""A manifest's lines: read as written, or refused line by line, never raised."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.options import JobOptions, Profanity, RecognizeOptions
from stt_cli.workflows.manifest import Defaults, Kind, Recording, read_manifest
from stt_cli.workflows.manifest.reading import LONGEST_LINE, kind_of_path


def lines_of(text: str | bytes) -> list[bytes]:
    raw = text.encode() if isinstance(text, str) else text
    return io.BytesIO(raw).readlines()


def read(text: str | bytes, kind: Kind | None = None) -> list[Recording]:
    manifest = read_manifest(lines_of(text), kind)
    assert manifest.faults.described("m") == []
    return manifest.recordings


def faults(text: str | bytes, kind: Kind | None = None) -> list[str]:
    return read_manifest(lines_of(text), kind).faults.described("m")


# What any manifest can say. A table's cells are stripped, and an empty one is
# left to the command line; phrases in it are separated by semicolons.
words = st.text(
    st.characters(exclude_characters="\0;", exclude_categories=["Cs"]), min_size=1
).filter(lambda text: text.strip() == text)
flags = st.none() | st.booleans()
params = st.dictionaries(
    words.filter(lambda key: key.strip()),
    st.lists(words, min_size=1, max_size=2).map(tuple),
    max_size=2,
)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    optional = st.none() | words
    return Recording(
        line=0,
        input=draw(words.filter(lambda text: text != "-")),
        language=draw(optional),
        name=draw(optional),
        model=draw(optional),
        phrases=draw(st.none() | st.lists(words, min_size=1, max_size=3).map(tuple)),
        speakers=draw(flags),
        words=draw(flags),
        detailed=draw(flags),
        profanity=draw(st.none() | st.sampled_from(Profanity)),
        params=draw(params),
        webhook_url=draw(optional),
        reference=draw(optional),
    )


def as_object(recording: Recording) -> dict[str, Any]:
    names = [name for name in Recording.__dataclass_fields__ if name != "line"]
    return {name: getattr(recording, name) for name in names}


def without_lines(found: list[Recording]) -> list[dict[str, Any]]:
    return [as_object(one) for one in found]


@given(st.lists(recordings(), min_size=1, max_size=4), st.booleans())
def test_what_is_written_as_json_lines_is_read_again(
    given_: list[Recording], described: bool
) -> None:
    text = "".join(json.dumps(as_object(one)) + "\r\n" for one in given_)
    found = read(text, Kind.JSONL if described else None)
    assert without_lines(found) == without_lines(given_)
    assert [one.line for one in found] == list(range(1, len(given_) + 1))


@given(st.lists(recordings(), min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_what_is_written_as_a_table_is_read_again(
    given_: list[Recording], delimiter: str
) -> None:
    keys = [key for key in as_object(given_[0]) if key != "params"]
    names = sorted({name for one in given_ for name in one.params})
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(keys + [f"param.{name}" for name in names for _ in range(2)])
    for one in given_:
        cells = [cell_of(getattr(one, key)) for key in keys]
        for name in names:
            cells += [*one.params.get(name, ()), "", ""][:2]
        writer.writerow(cells)
    kind = Kind.TSV if delimiter == "\t" else Kind.CSV
    assert without_lines(read(file.getvalue(), kind)) == without_lines(given_)


def cell_of(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "false"
        case tuple():
            return " ; ".join(value)
        case _:
            return str(value)


@given(st.binary() | st.text().map(str.encode), st.none() | st.sampled_from(Kind))
def test_any_bytes_are_recordings_or_faults(data: bytes, kind: Kind | None) -> None:
    manifest = read_manifest(lines_of(data), kind)
    assert manifest.recordings or manifest.faults
    assert all(line.startswith("m:") for line in manifest.faults.described("m"))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
keys = st.sampled_from(list(Recording.__dataclass_fields__)) | st.text()


@given(st.lists(st.dictionaries(keys, json_values, max_size=4), max_size=3))
def test_any_objects_are_recordings_or_faults(objects: list[dict[str, Any]]) -> None:
    text = "\n".join(json.dumps(one) for one in objects)
    manifest = read_manifest(lines_of(text), Kind.JSONL)
    assert manifest.recordings or manifest.faults


@given(st.lists(st.lists(st.text(), max_size=4), max_size=4))
def test_any_table_is_recordings_or_faults(rows: list[list[str]]) -> None:
    file = io.StringIO("input,words,param.x\n")
    file.seek(0, io.SEEK_END)
    csv.writer(file).writerows(rows)
    data = file.getvalue().encode(errors="surrogatepass")
    manifest = read_manifest(lines_of(data), Kind.CSV)
    assert manifest.recordings or manifest.faults


@pytest.mark.parametrize(
    "name", ["input", "audio", "path", "file", "url", "audio_filepath", "Audio-URL"]
)
def test_the_recording_has_the_names_that_others_give_it(name: str) -> None:
    (one,) = read(json.dumps({name: "a.wav"}))
    (two,) = read(f"{name}\na.wav\n", Kind.CSV)
    assert one.input == two.input == "a.wav"


def test_a_byte_order_mark_blank_lines_and_line_ends_of_windows_are_fine() -> None:
    text = b'\xef\xbb\xbf\r\n{"input": "a"}\r\n\r\n{"input": "b"}'
    assert [(one.line, one.input) for one in read(text)] == [(2, "a"), (4, "b")]
    table = b"\xef\xbb\xbfInput;Language\r\n\r\na.wav;de-DE\r\n;\r\n"
    assert [(one.line, one.language) for one in read(table)] == [(3, "de-DE")]


def test_a_cell_may_hold_several_lines_and_the_line_is_where_it_begins() -> None:
    table = 'input,name\na.wav,"two\nlines"\nb.wav\nc.wav,x,y\n'
    manifest = read_manifest(lines_of(table), Kind.CSV)
    assert [(one.line, one.name) for one in manifest.recordings] == [
        (2, "two\nlines"),
        (4, None),
    ]
    assert manifest.faults.described("m") == ["m:5: has 3 cells for 2 columns"]


def test_params_are_texts_numbers_truths_and_lists_of_them() -> None:
    (one,) = read('{"input": "a", "params": {"n": 2, "t": true, "l": ["x", 0.5]}}')
    assert one.params == {"n": ("2",), "t": ("true",), "l": ("x", "0.5")}
    (two,) = read("input\tparam.l\tparam.l\tparam.N\na\tx\ty\t\n")
    assert two.params == {"l": ("x", "y")}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "is not valid JSON: Expecting property name"),
        ("[1, 2]", "is a JSON array; write one object per line"),
        ('"a.wav"', "is not an object such as"),
        ('{"input": NaN}', "NaN is not a JSON number"),
        ("[" * 100_000, "is not valid JSON: "),
        ('{"input": 9' + "9" * 5000 + "}", "is not valid JSON: "),
        ("{}", "input: is missing; it is the recording's path or URL"),
        ('{"input": ""}', "input: is missing"),
        ('{"input": "-"}', "input: - (stdin) cannot be used"),
        ('{"input": 3}', "input: must be text, not a number"),
        ('{"input": "a\\u0000"}', "input: has characters that are not text"),
        ('{"input": "\\ud800"}', "input: has characters that are not text"),
        ('{"input": "a", "audio": "b"}', "input: is there twice"),
        ('{"input": "a", "words": "yes"}', "words: must be true or false, not text"),
        ('{"input": "a", "words": 1}', "words: must be true or false, not a number"),
        ('{"input": "a", "phrases": "x"}', "phrases: must be a list of strings"),
        ('{"input": "a", "phrases": [1]}', "phrases: must be text, not a number"),
        ('{"input": "a", "profanity": "loud"}', "must be one of masked, removed, raw"),
        ('{"input": "a", "params": []}', None),
        ('{"input": "a", "params": [1]}', "params: must be an object, not a list"),
        ('{"input": "a", "params": {"x": {"y": 1}}}', "params: each value must be"),
        ('{"input": "a", "params": {"x": 1, "x": 2}}', "params: has a duplicate key"),
        ('{"input": "a", "langauge": "de"}', "'langauge'; did you mean language?"),
        ('{"input": "a", "locale": "de"}', "'locale'; did you mean language?"),
        ('{"input": "a", "duration": 3}', None),
        ('{"input": "a", "api_key": "k"}', "credentials do not belong"),
        ('{"input": "a", "param.x": 1}', "put it in params"),
        ('{"input": "a", "name": null, "model": ""}', None),
    ],
)
def test_a_fault_names_its_line_its_key_and_what_to_do(
    line: str, words: str | None
) -> None:
    described = faults('{"input": "good.wav"}\n' + line, Kind.JSONL)
    if words is None:
        assert described == []
    else:
        (only,) = described
        assert only.startswith("m:2: ")
        assert words in only


@pytest.mark.parametrize(
    ("table", "described"),
    [
        ("a.wav\nb.wav\n", "m:1: the first line must name the columns, including"),
        ("input,lang\n", "m:1: unknown key 'lang'; did you mean language?"),
        ("input,params\na,b\n", "m:1: use one column per parameter"),
        ("input,audio\na,b\n", "m:1: input: has two columns (and on"),
        ("input,words\na,perhaps\n", "m:2: words: must be true or false, not text"),
        ("input,name\n,x\n", "m:2: input: is missing"),
        ('input,name\n"a,x\n', "m:2: is not valid CSV: unexpected end of data"),
        ("input\n", "m:1: contains no recordings below the header"),
        ("\n \n", "m:1: contains no recordings"),
        ("", "m:1: contains no recordings"),
    ],
)
def test_a_table_is_refused_with_the_line_of_its_fault(
    table: str, described: str
) -> None:
    assert faults(table, Kind.CSV)[0].startswith(described)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"input": "é"}'.encode("utf-16"), "m:1: is UTF-16; save it as UTF-8"),
        ('{"input": "é"}'.encode("latin-1"), "m:1: is not UTF-8 (byte 12 of the line)"),
        (
            b"RIFF\0\0\0\0WAVE\n" * 100,
            "m:1: is not text; a manifest is JSONL, CSV or TSV",
        ),
        (b" " * (LONGEST_LINE + 1), "m:1: is longer than 1,000,000 bytes"),
    ],
)
def test_what_is_no_utf_8_text_is_told_as_such(data: bytes, words: str) -> None:
    assert faults(data) == [words] or faults(data)[0].startswith(words)


def test_a_fault_of_every_line_is_told_once_and_the_rest_is_counted() -> None:
    same = '{"input": "a", "locale": "x"}\n' * 1000
    (only,) = faults(same)
    assert only.startswith("m:1: unknown key 'locale'; ")
    assert only.endswith(" (and on 999 more lines)")
    different = "".join(
        f'{{"input": "a", "api-key-{n}": 1, "param.{n}": 2}}\n' for n in range(50)
    )
    described = faults(different)
    assert len(described) == 21
    assert described[-1] == "and 30 more"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.jsonl", Kind.JSONL),
        ("a.NDJSON", Kind.JSONL),
        ("a.csv", Kind.CSV),
        ("a.b/c.TSV", Kind.TSV),
        ("a.txt", None),
        ("-", None),
    ],
)
def test_the_suffix_tells_the_kind(path: str, kind: Kind | None) -> None:
    assert kind_of_path(path) is kind


def test_without_a_suffix_the_first_line_tells_the_kind() -> None:
    assert read('\n {"input": "a"}')[0].input == "a"
    assert read("name\tinput\nx\ta,b\n")[0].input == "a,b"
    assert read("input\na\tb\n")[0].input == "a\tb"


def test_a_line_is_completed_by_the_command_line() -> None:
    ours = JobOptions(
        recognition=RecognizeOptions(
            language="en-US", words=True, phrases=("x",), params={"a": ("1",)}
        ),
        name="mine",
        webhook_url="https://example.org/",
    )
    defaults = Defaults(ours)
    assert defaults.complete(Recording(1, "a")) == ours
    line = Recording(
        2,
        "b",
        language="de-DE",
        words=False,
        phrases=("y",),
        params={"b": ("2",)},
        name="own",
        reference="r-2",
    )
    chosen = defaults.complete(line)
    assert chosen.recognition == RecognizeOptions(
        language="de-DE",
        words=False,
        phrases=("y",),
        params={"a": ("1",), "b": ("2",)},
    )
    assert (chosen.name, chosen.client_reference_id) == ("own", "r-2")
    assert chosen.webhook_url == "https://example.org/"


def test_lines_that_ask_for_the_same_share_it() -> None:
    defaults = Defaults(JobOptions())

    def chosen() -> Iterator[int]:
        for number in range(1000):
            one = Recording(number, f"{number}.wav", language="de-DE")
            yield id(defaults.complete(one))

    assert len(set(chosen())) == 1


class TestWhatOtherProgramsWrite:
    """Manifests for training, exports of databases, files that Excel saved."""

    def test_nemo_s_manifest_is_taken_and_what_is_not_used_is_known(self) -> None:
        lines = [
            b'{"audio_filepath": "a.wav", "duration": 3.2, "text": "hello"}\n',
            b'{"audio_filepath": "b.wav", "duration": 1, "text": "", "lang_id": 4}\n',
        ]
        manifest = read_manifest(lines, Kind.JSONL)
        assert [each.input for each in manifest.recordings] == ["a.wav", "b.wav"]
        assert manifest.faults.described("m") == []
        assert list(manifest.unused) == ["duration", "text", "lang_id"]

    def test_an_export_has_columns_of_its_own(self) -> None:
        table = (
            ",call_id,path,Agent,language,started_at\r\n"
            "0,7,a.wav,Ann,de-DE,2026-11-20\r\n"
            "1,8,b.wav,Bob,,\r\n"
        )
        manifest = read_manifest(table.encode().splitlines(keepends=True), Kind.CSV)
        assert [(r.input, r.language) for r in manifest.recordings] == [
            ("a.wav", "de-DE"),
            ("b.wav", None),
        ]
        assert manifest.faults.described("m") == []
        assert list(manifest.unused) == ["call_id", "Agent", "started_at"]

    @pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
    @pytest.mark.parametrize("kind", [Kind.CSV, None])
    def test_excel_names_the_separator_first(
        self, first: str, kind: Kind | None
    ) -> None:
        table = f"{first}\r\ninput;name;Betrag\r\na.wav;x;1,50\r\nb.wav;y;2\r\n"
        manifest = read_manifest(table.encode().splitlines(keepends=True), kind)
        assert [(r.input, r.name) for r in manifest.recordings] == [
            ("a.wav", "x"),
            ("b.wav", "y"),
        ]
        assert manifest.faults.described("m") == []

    def test_a_fault_below_excel_s_first_line_has_its_own_line(self) -> None:
        table = b"sep=;\ninput;words\na.wav;perhaps\n"
        manifest = read_manifest(table.splitlines(keepends=True), Kind.CSV)
        assert manifest.faults.described("m") == [
            "m:3: words: must be true or false, not text"
        ]

    def test_the_separator_alone_is_no_list(self) -> None:
        manifest = read_manifest([b"sep=;\n"], Kind.CSV)
        assert len(manifest.faults.described("m")) == 1
