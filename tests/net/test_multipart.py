"""Forms as another implementation reads them."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import HTTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.http_message import StreamedBody
from stt_cli.net.bodies import FormPart, multipart

BOUNDARY = "0123456789abcdef0123456789abcdef"


@given(st.binary(max_size=200), st.lists(st.binary(max_size=50), max_size=4))
def test_a_form_is_read_back_and_its_length_is_true(
    metadata: bytes, blocks: list[bytes]
) -> None:
    audio = StreamedBody(lambda: iter(blocks), length=sum(map(len, blocks)))
    content_type, body = multipart(
        [
            FormPart("definition", metadata, "application/octet-stream"),
            FormPart("audio", audio, "application/octet-stream", 'a "b".wav'),
        ],
        BOUNDARY,
    )
    whole = b"".join(body.blocks())
    assert body.length == len(whole)
    first, _, rest = whole.partition(b"\r\n\r\n")
    assert first.startswith(b"--" + BOUNDARY.encode())
    assert rest.startswith(metadata + b"\r\n--")
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts = list(message_from_bytes(head + whole, policy=HTTP).iter_parts())
    assert [part.get_param("name", header="content-disposition") for part in parts] == [
        "definition",
        "audio",
    ]
    assert parts[1].get_filename() == "a %22b%22.wav"
    assert whole.endswith(b"".join(blocks) + f"\r\n--{BOUNDARY}--\r\n".encode())


def test_a_live_part_makes_the_form_live_and_of_unknown_length() -> None:
    live = StreamedBody(lambda: iter([b"x"]), repeatable=False)
    _, body = multipart([FormPart("audio", live)], BOUNDARY)
    assert body.length is None
    assert not body.repeatable


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("plain.wav", "plain.wav"),
        ('a "b".wav', "a %22b%22.wav"),
        ("a\r\nX-Evil: 1\r\n\r\n.wav", "a%0D%0AX-Evil: 1%0D%0A%0D%0A.wav"),
        ("a\rb", "a%0Db"),
        ("a\nb", "a%0Ab"),
        ("größe.wav", "größe.wav"),
        ("caf\udce9.wav", "caf\ufffd.wav"),  # a name that is not UTF-8
    ],
)
def test_no_name_ends_its_header(name: str, written: str) -> None:
    _, body = multipart([FormPart(name, b"x", "audio/wav", name)], BOUNDARY)
    head = b"".join(body.blocks()).partition(b"\r\n\r\n")[0].decode()
    assert head.splitlines() == [
        f"--{BOUNDARY}",
        f'Content-Disposition: form-data; name="{written}"; filename="{written}"',
        "Content-Type: audio/wav",
    ]
