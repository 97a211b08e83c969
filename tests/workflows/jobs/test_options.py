"""What was asked for, kept without secrets and read back as it was."""

from __future__ import annotations

import dataclasses
import json
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.core.secret import Redactor
from stt_cli.workflows.jobs.options import (
    comparable,
    read_stored,
    register_secrets,
    stored,
)

_HINTS = get_type_hints(RecognizeOptions)
_ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=8)
st.register_type_strategy(float, st.floats(allow_nan=False))
WISHES = st.builds(
    RecognizeOptions,
    **{
        each.name: st.from_type(_HINTS[each.name])
        for each in dataclasses.fields(RecognizeOptions)
        if each.name not in ("params", "phrases")
    },
    phrases=st.lists(_ANY_TEXT, max_size=3).map(tuple),
    params=st.dictionaries(
        _ANY_TEXT, st.lists(_ANY_TEXT, min_size=1, max_size=3).map(tuple), max_size=3
    ),
)
OPTIONS = st.builds(
    JobOptions,
    recognition=WISHES,
    name=st.none() | _ANY_TEXT,
    webhook_url=st.none() | _ANY_TEXT,
    client_reference_id=st.none() | _ANY_TEXT,
)


@given(OPTIONS, st.booleans())
def test_whatever_was_asked_for_comes_back(options: JobOptions, force: bool) -> None:
    text = stored(options, force=force)
    assert text.isascii()
    back = read_stored(text)
    if not back.withheld:
        assert back.options == options
    assert back.force == force


def test_every_wish_of_a_job_is_kept() -> None:
    kept = {each.name for each in dataclasses.fields(JobOptions)}
    assert kept == {
        "recognition",
        "name",
        "webhook_url",
        "client_reference_id",
        "interrupted",
    }


def test_an_earlier_attempt_is_no_wish() -> None:
    from datetime import UTC, datetime

    cut = InterruptedSubmission("create", datetime(2026, 11, 20, tzinfo=UTC))
    assert stored(JobOptions(interrupted=cut)) == stored(JobOptions()) == "{}"


def _params(**params: str) -> JobOptions:
    given = {name: (value,) for name, value in params.items()}
    return JobOptions(recognition=RecognizeOptions(params=given, language="de-DE"))


@pytest.mark.conformance("CO-05")
def test_a_secret_parameter_is_left_out_and_named() -> None:
    options = _params(webhook_auth_header_value="open sesame", other="1")
    text = stored(options, secret_params={"webhook_auth_header_value"})
    assert "sesame" not in text
    back = read_stored(text)
    assert back.withheld == ("webhook_auth_header_value",)
    assert back.options == _params(other="1")


@pytest.mark.parametrize(
    "options",
    [
        JobOptions(webhook_url="https://example.org/hook?token=abcdef123"),
        JobOptions(webhook_url="https://me:abcdef123@example.org/hook"),
        _params(token="abcdef123"),
        _params(header="Authorization: Bearer abcdef123=="),
        _params(known="abcdef123"),
        JobOptions(name="abcdef123"),
    ],
)
@pytest.mark.conformance("CO-05")
def test_what_the_redactor_would_mask_is_left_out_not_spoiled(
    options: JobOptions,
) -> None:
    redactor = Redactor()
    register_secrets(_params(key="abcdef123"), {"key"}, redactor)
    text = stored(options, clean=redactor.clean)
    assert "abcdef123" not in text
    assert "***" not in text
    assert len(read_stored(text).withheld) == 1


def test_the_value_of_a_secret_header_is_registered_without_its_name() -> None:
    redactor = Redactor()
    options = _params(webhook_headers="X-Mine: open sesame")
    register_secrets(options, {"webhook_headers"}, redactor)
    assert redactor.clean("they sent open sesame") == "they sent ***"


def test_an_address_that_holds_a_secret_is_named() -> None:
    text = stored(
        JobOptions(),
        clean=Redactor().clean,
        source="https://example.org/a.wav?sig=abcdef",
    )
    assert read_stored(text).withheld == ("source",)
    assert "abcdef" not in text


def test_what_an_address_names_is_kept_as_a_digest() -> None:
    def of(source: str) -> str:
        return stored(JobOptions(), clean=Redactor().clean, source=source)

    assert of("https://h/get?id=1&sig=abc") == of("https://h/get?id=1&sig=xyz")
    assert of("https://h/get?id=1&sig=abc") != of("https://h/get?id=2&sig=abc")
    assert comparable(of("https://h/get?id=1")) == comparable(of("https://h/get?id=2"))


def test_force_is_kept_and_is_no_wish() -> None:
    wishes = JobOptions(webhook_url="https://example.org/")
    assert comparable(stored(wishes, force=True)) == stored(wishes)


def test_a_jobs_name_is_kept_and_is_no_wish() -> None:
    text = stored(JobOptions(name="Monday (a)"))
    assert read_stored(text).options.name == "Monday (a)"
    assert comparable(text) == stored(JobOptions())


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"later": 1}', '{"recognition": {"mode": "telepathy"}}'],
)
def test_what_a_later_version_wrote_is_told(text: str) -> None:
    with pytest.raises(
        ConfigurationError, match="cannot read the job options in the ledger"
    ):
        read_stored(text)


@given(OPTIONS)
def test_the_same_wishes_are_the_same_text(options: JobOptions) -> None:
    params = dict(reversed(list(options.recognition.params.items())))
    turned = dataclasses.replace(
        options, recognition=dataclasses.replace(options.recognition, params=params)
    )
    assert stored(turned) == stored(options)
    assert json.loads(stored(options)) is not None
