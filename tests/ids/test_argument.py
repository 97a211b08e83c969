"""An ID however it was copied: quoted, labeled, in capitals, inside an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.ids.argument import id_from

GUID = "6f216c54-3f58-456e-8c18-b82723fd99ce"
PLAIN = GUID.replace("-", "")
SELF = f"https://eastus.api.cognitive.microsoft.com/speechtotext/v3.1/transcriptions/{GUID}"


@pytest.mark.conformance("ID-20")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (GUID, GUID),
        (GUID.upper(), GUID),
        (f" {GUID}\n", GUID),
        (f'"{GUID}"', GUID),
        (f"'{GUID}',", GUID),
        (f"{{{GUID.upper()}}}", GUID),
        (f"<{GUID}>", GUID),
        (f"`{GUID}`", GUID),
        (f"transcription id: {GUID}", GUID),
        (f"job_id={GUID}", GUID),
        (f'"id": "{GUID}",', GUID),
        (f"SessionId: {PLAIN}", PLAIN),
        (f"X-ConnectionId={PLAIN.upper()}", PLAIN),
        (SELF, GUID),
        (f'"self": "{SELF}"', GUID),
        (f"{SELF}/", GUID),
        (f"{SELF}/files", GUID),
        (f"{SELF}?api-version=2024-11-15", GUID),
        (f"https://api.soniox.com/v1/transcriptions/{GUID}/transcript", GUID),
        (f"wss://x/sessions/{GUID}", GUID),
        ("https://h/v1/jobs/Umx5c6F7pH7r/transcript", "Umx5c6F7pH7r"),
        ("Transcription ID: `stt-7x`", "stt-7x"),
        (f"the job {GUID} of Monday", GUID),
        (f"https://h/speech-to-text/api/v1/recognitions/{GUID}", GUID),
        (f"https://h/a%2Fb/jobs/{GUID.upper()}#x", GUID),
        (f"STT-{PLAIN.upper()}", f"stt-{PLAIN}"),
        ("AbC_9.x", "AbC_9.x"),  # a service may mean its capitals
        ("https://[::1/x", "https://[::1/x"),
        ("identity", "identity"),
    ],
)
def test_the_id_in_what_was_pasted(typed: str, found: str) -> None:
    assert id_from(typed) == found


@given(st.text())
def test_whatever_was_pasted_there_is_an_answer_and_it_is_stable(text: str) -> None:
    assert isinstance(id_from(text), str)


@given(st.uuids(), st.sampled_from(['"{}"', "{{{}}}", " {} ", "job id: {}", "<{}>"]))
def test_a_guid_is_found_in_what_stands_around_it(guid: object, around: str) -> None:
    assert id_from(around.format(str(guid).upper())) == str(guid)
