"""Of an address nothing is shown that gives access, whatever its server calls it."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.address_masking import mask_address, mask_addresses, secrets_in
from stt_cli.core.secret import mask_secrets

GUID = "9f4ffa5113a846eba289aa98b28e766f"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        # AWS, Google, OSS, CloudFront, Azure: signed addresses.
        (
            "https://b.s3.example/a.wav?X-Amz-Credential=AKIA%2Fx&X-Amz-Signature=S3"
            "&X-Amz-Expires=60&X-Amz-Security-Token=S3",
            "https://b.s3.example/a.wav?X-Amz-Credential=***&X-Amz-Signature=***"
            "&X-Amz-Expires=60&X-Amz-Security-Token=***",
        ),
        (
            "https://g.example/a.wav?X-Goog-Signature=S3&X-Goog-Algorithm=GOOG4",
            "https://g.example/a.wav?X-Goog-Signature=***&X-Goog-Algorithm=GOOG4",
        ),
        (
            "https://o.example/a?OSSAccessKeyId=S3&Expires=1790000000&Signature=S3",
            "https://o.example/a?OSSAccessKeyId=***&Expires=1790000000&Signature=***",
        ),
        (
            "https://c.example/a?Policy=S3__&Signature=S3&Key-Pair-Id=S3",
            "https://c.example/a?Policy=***&Signature=***&Key-Pair-Id=***",
        ),
        (
            "https://z.example/a?sv=2024-11-04&se=2026-12-01T00%3A00%3A00Z&sig=S3%3D",
            "https://z.example/a?sv=2024-11-04&se=2026-12-01T00%3A00%3A00Z&sig=***",
        ),
        # Whatever else its server may call it, or not call at all.
        ("https://h/a?x=S3&access_key=S3", "https://h/a?x=***&access_key=***"),
        ("https://h/a?S3", "https://h/a?***"),
        ("https://h/a?UzM=", "https://h/a?***"),
        ("https://h/a?UzM==", "https://h/a?***"),
        ("https://h/a?the%20key=S3", "https://h/a?***=***"),
        ("https://h/p;jsessionid=S3/b", "https://h/p;jsessionid=***/b"),
        ("https://h/a#S3", "https://h/a#***"),
        ("https://h/a?x=S3#access_token=S3", "https://h/a?x=***#***"),
        ("https://h/get/https%3A%2F%2Fu%3AS3%40h", "https://h/get/https%3A%2F%2F***"),
        # A harmless name with a second pair behind it.
        ("https://h/a?sv=1;sig=S3", "https://h/a?sv=***"),
        ("https://h/a?sv=1&amp;sig=S3", "https://h/a?sv=1&***=***"),
        ("https://h/a?sv=1%26sig%3DS3", "https://h/a?sv=***"),
        ("https://h/a?sv=1\\u0026sig=S3", "https://h/a?sv=***"),
        # User and password, also with what nobody encoded.
        ("https://u:S3@h/a", "https://***@h/a"),
        ("https://S3@h/a", "https://***@h/a"),
        ("http://corp\\bob:S3/w9@proxy.corp:8080", "http://***@proxy.corp:8080"),
        ("http://u:S3?w@h:80", "http://***@h:80"),
        ("http://u:S3#w@h:80", "http://***@h:80"),
        ("http://u:12/S3@h:80", "http://***@h:80"),
        ("http://u@corp:S3/w@h:80/x", "http://***@h:80/x"),
        ("http://u:S3'w@h:80/x", "http://***@h:80/x"),
        ("u:S3@proxy:8080", "***@proxy:8080"),
        ("https:/u:S3@h/a?x=S3", "https:/***@h/a?x=***"),
        (r"https:\/\/u:S3@h\/a?x=S3", r"https:\/\/***@h\/a?x=***"),
        # Where the scheme was forgotten, and request lines.
        (
            "b.s3.example/a.wav?X-Amz-Signature=S3",
            "b.s3.example/a.wav?X-Amz-Signature=***",
        ),
        ("GET /v1?x=S3 HTTP/1.1", "GET /v1?x=*** HTTP/1.1"),
        ("GET /v1?S3 HTTP/1.1", "GET /v1?*** HTTP/1.1"),
        # Where a port belongs, and no host behind it.
        ("https://u:S3/a", "https://u:***/a"),
    ],
)
def test_what_gives_access_is_masked(address: str, shown: str) -> None:
    assert mask_addresses(address) == shown
    assert mask_addresses(shown) == shown
    assert mask_addresses(f"error: '{address}' is away") == f"error: '{shown}' is away"
    assert "S3" not in json.loads(mask_secrets(json.dumps({"a": [address]})))["a"][0]


@pytest.mark.parametrize(
    "text",
    [
        "https://h.example/a.wav",
        "http://127.0.0.1:8080/a@b.wav",
        "https://h/@scope/a.wav",
        "file:///rec/caf%C3%A9.wav",
        "postgresql://user:password@host/database",
        f"wss://h/speech?language=en-US&format=detailed&X-ConnectionId={GUID}",
        "https://h/transcriptions?api-version=2024-11-15&skip=0&top=100",
        f"session id: {GUID}, 3 of 4 done",
        "me@example.org: is that so? yes = no",
        "C:/Users/me@corp/a.wav",
        "12:30 me@host",
        "and/or?maybe",
        "a.wav: is it there?",
    ],
)
def test_what_gives_no_access_stays(text: str) -> None:
    assert mask_addresses(text) == text


def test_an_id_is_shown_only_where_it_looks_like_one() -> None:
    shown = f"https://h/a?X-ConnectionId={GUID}&requestId="
    assert mask_addresses(f"{shown}S3cret") == f"{shown}***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://h/a", "https://h/a"),
        ("htps//u:S3@h/x", "***@h/x"),
        ("u:S3@h", "***@h"),
        ("https://u:S3 w@h/x?y=S3", "https://***@h/x?y=***"),
        ("h?x=S3", "h?x=***"),
        ("user:password@host", "user:password@host"),
    ],
)
def test_what_should_be_an_address_is_masked_whatever_is_wrong_with_it(
    text: str, shown: str
) -> None:
    assert mask_address(text) == shown


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("https://me:hunter2@h/a.wav", {"hunter2"}),
        ("https://me:hunter%402@h/a.wav", {"hunter%402", "hunter@2"}),
        ("https://token-alone@h/a.wav", {"token-alone"}),
        ("--endpoint=https://me:hunter2@h", {"hunter2"}),
        ("https://h/a?X-Amz-Signature=0123456789abcdef01", {"0123456789abcdef01"}),
        ("https://h/a?0123456789abcdef01=", {"0123456789abcdef01"}),
        ("https://h/a#0123456789abcdef01", {"0123456789abcdef01"}),
        # What may as well be a word, a name or a time.
        ("https://h/a?file=interview-with-anne.wav&id=17&x=abcdefghijklmnopq", set()),
        ("https://h/a?se=2026-12-01T00%3A00%3A00Z&sv=2024-11-04", set()),
        ("https://me:pw@h/", set()),
        ("postgresql://user:password@host/database", set()),
        ("a.wav", set()),
    ],
)
def test_what_a_service_may_repeat_alone(address: str, secrets: set[str]) -> None:
    assert set(secrets_in(address)) == secrets


_NAMES = st.from_regex(r"[A-Za-z_-]{0,12}", fullmatch=True)
_TOKEN = st.text(
    st.characters(
        min_codepoint=33,
        max_codepoint=0x17F,
        exclude_characters='"<>`&@',
        exclude_categories=["C", "Z"],
    ),
    max_size=10,
).map(lambda text: f"canary{text}value")
_SCHEMES = st.sampled_from(["https", "wss", "http", "s3", "postgresql"])


@given(_SCHEMES, st.lists(st.tuples(_NAMES, _TOKEN), min_size=1, max_size=4))
def test_no_value_of_a_query_gets_through(
    scheme: str, pairs: list[tuple[str, str]]
) -> None:
    query = "&".join(f"{name}x={quote(value, safe='')}" for name, value in pairs)
    for text in (f"{scheme}://h/a?{query}", f"GET /a?{query} HTTP/1.1"):
        assert "canary" not in mask_addresses(text)


_USERS = st.from_regex(r"canary[\w.\\%:-]{0,8}", fullmatch=True)


@given(_SCHEMES, _USERS, _TOKEN, st.booleans())
def test_no_password_gets_through(
    scheme: str, user: str, password: str, quoted: bool
) -> None:
    address = f"{scheme}://{user}:{password}@host.example:80/a"
    text = f"cannot use '{address}'" if quoted else address
    assert "canary" not in mask_addresses(text)
    assert "host.example" in mask_addresses(text)


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask_secrets(text)
    assert mask_secrets(once) == once


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://@h.example/a", "https://***@h.example/a"),
        ("https://u@h.example/a", "https://***@h.example/a"),
        ("https://u:p/w@h.example/a", "https://***@h.example/a"),
        ("https://u:p@w@h.example/a", "https://***@h.example/a"),
        ("https://h.example/a?=x", "https://h.example/a?***=***"),
        ("https://h.example/a?&", "https://h.example/a?&"),
        ("https://h.example/a?a2V5==", "https://h.example/a?***"),
        ("https://h.example/a?language", "https://h.example/a?language"),
    ],
)
def test_the_edges_of_the_rule(address: str, shown: str) -> None:
    assert mask_address(address) == shown
