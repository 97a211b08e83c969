"""Whatever the catalog describes is found, however it is written."""

from __future__ import annotations

import pytest

from stt_cli.ids import catalog
from stt_cli.ids.catalog import CATALOG, KINDS, Description
from stt_cli.ids.index import meanings
from stt_cli.ids.reading import canonical
from stt_cli.ids.shapes import id_in
from tests.ids.finding import ALL, found, usual
from tests.ids.spellings import OPEN_SHAPES, mixed, spellings, wrapped, written

LABELED = [one for one in CATALOG if one.labels and not one.own_line]
OTHERS = [one for one in LABELED if one.where != "a cookie SESSIONID"]


def name_of(one: Description) -> str:
    return f"{one.vendor}-{one.kind}-{(one.labels or one.addresses)[0]}".replace(
        " ", "_"
    )


def identifier(one: Description) -> str:
    match = one.shape.match(one.shape.example, 0)
    assert match is not None
    return id_in(match)


def is_found(one: Description, text: str) -> bool:
    wanted = (one.kind, canonical(identifier(one)))
    return wanted in {(each.kind, canonical(each.id)) for each in found(text)}


@pytest.mark.conformance("ID-15", "ID-17")
@pytest.mark.parametrize("one", OTHERS, ids=name_of)
def test_every_spelling_of_every_label_is_found(one: Description) -> None:
    missed = [
        label
        for label in spellings(one)
        if not is_found(one, f"{label}: {one.shape.example}")
    ]
    assert missed == []


@pytest.mark.conformance("ID-15")
@pytest.mark.parametrize("one", OTHERS, ids=name_of)
def test_a_value_is_found_whatever_parts_it_from_its_label(one: Description) -> None:
    if one.shape in OPEN_SHAPES:
        pytest.skip("marks behind such a value may belong to it")
    missed = [
        text
        for label in (next(iter(spellings(one))), mixed(one.labels[0]))
        for _name, text in written(label, one.shape.example)
        if not is_found(one, text)
    ]
    assert missed == []


@pytest.mark.conformance("ID-15")
@pytest.mark.parametrize("one", [o for o in OTHERS if o.shape.breakable], ids=name_of)
def test_a_value_that_a_mail_broke_is_joined(one: Description) -> None:
    label = next(iter(spellings(one)))
    for name, text in wrapped(label, one.shape.example):
        assert is_found(one, f"{text}\nand so on"), name


@pytest.mark.parametrize("one", [o for o in CATALOG if o.addresses], ids=name_of)
def test_an_address_names_its_member(one: Description) -> None:
    for written_address in one.addresses:
        address = f"/{written_address.lstrip('/')}"
        for text in (
            f"GET https://h.example{address}{one.shape.example} HTTP/1.1",
            f"https://h.example{address}{one.shape.example}/result?x=1",
            f"u=https%3A%2F%2Fh{address.replace('/', '%2F')}{one.shape.example}%2Fx",
            f'"url":"https:\\/\\/h{address}{one.shape.example}"'.replace("/", "\\/"),
        ):
            if "\\" in text and not one.is_usual:
                continue  # one escape fewer to look for
            assert is_found(one, text), text


@pytest.mark.parametrize("joint", ["\u00a0", "%20", "=20", "&nbsp;", "&#160;",
                                   "\\u00a0", "\u200b", "\\_", ".", "+"])  # fmt: skip
@pytest.mark.parametrize("label", ["session id", "transcription id"])
def test_the_words_of_a_label_may_be_joined_by_an_encoded_blank(
    label: str, joint: str
) -> None:
    one = next(one for one in CATALOG if label in one.labels)
    text = f"the {label.title().replace(' ', joint)}: {one.shape.example}"
    assert usual(text) == [one.shape.example]


@pytest.mark.parametrize("word", ["GUID", "uuid", "Identifier", "IDs"])
def test_an_id_may_be_called_otherwise(word: str) -> None:
    value = "0b734c41faf8430380d493127bd44631"
    assert usual(f"Session {word}: {value}") == [value]


def test_a_list_behind_a_plural_is_read_to_its_end() -> None:
    one, two, three = (f"{n:032x}" for n in (7, 8, 9))
    assert usual(f"Session IDs: {one}, {two} and {three}") == [one, two, three]


@pytest.mark.conformance("ID-18")
def test_an_id_is_printed_as_it_stands_and_compared_without_case_and_dashes() -> None:
    text = (
        "apim-request-id: 537216F8-0620-4A10-AE2D-00BDB423B36F\n"
        "RequestId: 537216f806204a10ae2d00bdb423b36f\n"
    )
    assert [one.id for one in found(text)] == ["537216F8-0620-4A10-AE2D-00BDB423B36F"]


def test_each_description_says_what_it_is_and_each_kind_has_one() -> None:
    assert {one.kind for one in CATALOG} == set(KINDS)
    for one in CATALOG:
        assert one.labels or one.addresses or one.queries
        assert one.shape.match(one.shape.example, 0), one


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_asked_for_alone_is_found(kind: str) -> None:
    for one in OTHERS:
        if one.kind == kind:
            text = f"{next(iter(spellings(one)))}: {one.shape.example}"
            kinds = {each.kind for each in found(text, frozenset({kind}))}
            assert kind in kinds, one


def test_the_usual_kinds_are_one_pass() -> None:
    usual_kinds = frozenset(catalog.DEFAULT_KINDS)
    assert len(meanings(usual_kinds, others=False)) <= 64
    assert all(len(anchor) >= 4 for anchor in meanings(ALL, others=True))
