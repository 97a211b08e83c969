"""A secret is shown by no repr and survives in no text that leaves the program."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.address_masking import mask_addresses
from stt_cli.core.secret import MASK, Redactor, Secret, _patterns, mask_secrets

CANARY = "canary+/=0123456789"


def test_no_way_of_printing_shows_the_value() -> None:
    secret = Secret(f"  {CANARY}\n")
    assert secret.reveal() == CANARY
    for text in (repr(secret), str(secret), f"{secret}", f"{secret!r:>30}"):
        assert CANARY not in text


@given(st.text(min_size=4).filter(lambda text: len(text.strip()) >= 4))
def test_a_registered_value_is_masked_plain_and_url_encoded(value: str) -> None:
    redactor = Redactor()
    secret = redactor.register(Secret(value))
    for spelling in (secret.reveal(), quote(secret.reveal(), safe="")):
        clean = redactor.clean(f"<<<{spelling}>>>")
        assert clean == f"<<<{MASK}>>>" or spelling not in clean


@pytest.mark.parametrize(
    "line",
    [
        "wss://host/path?language=en-US&Ocp-Apim-Subscription-Key=CANARY&format=simple",
        "Ocp-Apim-Subscription-Key: CANARY",
        "Authorization: Bearer CANARY",
        "authorization=Bearer%20CANARY&x=1",
        '{"Authorization": "Basic CANARY"}',
        '{"access_token": "CANARY", "expires_in": 3600}',
        "GET /v1?token=CANARY HTTP/1.1",
        "x-zoom-s2t-key: CANARY",
        "https://blob/container?sv=1&sig=CANARY%3D",
        "Cookie: SESSIONID=CANARY; Watson-DPAT=CANARY",
    ],
)
def test_what_looks_like_a_credential_is_masked_unregistered(line: str) -> None:
    assert "CANARY" not in Redactor().clean(line)


@pytest.mark.parametrize(
    "line",
    [
        "session id: 9f4ffa5113a846eba289aa98b28e766f, 3 of 4 done",
        "the token: expired at noon",
        "the bearer understanding of basic information",
    ],
)
def test_ordinary_text_and_ids_stay_as_they_are(line: str) -> None:
    assert Redactor().clean(line) == line


_PIECES = st.sampled_from(
    ["token", "=", ": ", "sig", "key", "api-", "Bearer ", "eyJhb.c.d", "abc1234567",
     "\u017fig=", "to\u212aen=x", "Cookie:", " ", '"', "&", "password", "x", "%3D", "/"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_the_quick_look_passes_nothing_that_a_pattern_would_mask(text: str) -> None:
    expected = mask_addresses(text)
    for pattern, replacement in _patterns():
        expected = pattern.sub(replacement, expected)
    assert Redactor().clean(text) == expected


def test_a_longer_secret_is_masked_before_one_that_stands_in_it() -> None:
    redactor = Redactor()
    for value in ("abcd", "xxabcdxx-the-rest", "abcdxx"):
        redactor.register(Secret(value))
    assert redactor.clean("xxabcdxx-the-rest and abcdxx and abcd") == (
        "*** and *** and ***"
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "BlobEndpoint=https://x.example/;SharedAccessSignature=sv=1&sig=S3;a=1",
            "BlobEndpoint=https://x.example/;SharedAccessSignature=***;a=***",
        ),
        (
            "AccountName=calls;AccountKey=S3==;EndpointSuffix=core.example",
            "AccountName=calls;AccountKey=***;EndpointSuffix=core.example",
        ),
        (
            "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=S3",
            "Endpoint=sb://x/;SharedAccessKeyName=***;SharedAccessKey=***",
        ),
        (
            "file:///x/A%3B%20SharedAccessSignature%3Dsv%3D1%26sig%3DS3%3Ba",
            "file:///x/A%3B%20SharedAccessSignature%3D***%3Ba",
        ),
    ],
)
def test_connection_strings_are_masked(text: str, clean: str) -> None:
    assert mask_secrets(text) == clean


def test_data_is_masked_wherever_a_text_stands_in_it() -> None:
    redactor = Redactor()
    redactor.register(Secret("s3cr3t-value"))
    data = {
        "note": "it is s3cr3t-value",
        "list": ["s3cr3t-value", ("a", "s3cr3t-value")],
        "inner": {"deep": [{"x": "s3cr3t-value"}]},
        "number": 7,
        "nothing": None,
        "flag": True,
    }
    assert redactor.clean_data(data) == {
        "note": "it is ***",
        "list": ["***", ["a", "***"]],
        "inner": {"deep": [{"x": "***"}]},
        "number": 7,
        "nothing": None,
        "flag": True,
    }


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("password", True),
        ("passwd", True),
        ("db_Password", True),
        ("client_secret", True),
        ("access_token", True),
        ("api_key", True),
        ("ApiKey", True),
        ("accesskey", True),
        ("signature", True),
        ("Authorization", True),
        ("webhook_auth_header_value", True),
        ("Set-Cookie", True),
        ("tokens", False),
        ("keyword", False),
        ("secretary", False),
        ("id", False),
    ],
)
def test_a_field_that_is_named_like_a_credential_is_masked(
    name: str, masked: bool
) -> None:
    assert Redactor().clean_data({name: "plain"}) == {
        name: "***" if masked else "plain"
    }
    # What is empty, or no text, gives nothing away.
    assert Redactor().clean_data({name: "", "x": 1}) == {name: "", "x": 1}
    assert Redactor().clean_data({name: 7}) == {name: 7}


@pytest.mark.parametrize(("value", "masked"), [("abc", False), ("abcd", True)])
def test_a_short_value_would_mask_ordinary_words(value: str, masked: bool) -> None:
    redactor = Redactor()
    redactor.register(Secret(value))
    assert (redactor.clean(f"<{value}>") == "<***>") is masked


def test_a_secret_with_quotes_is_masked_as_python_shows_it() -> None:
    redactor = Redactor()
    redactor.register(Secret("pass\tword\\"))
    assert redactor.clean(repr("pass\tword\\")) == "'***'"
