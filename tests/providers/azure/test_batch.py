"""Batch transcription in every version, against the emulator and by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import (
    CredentialsError,
    JobFailedError,
    NotFoundError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UsageError,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import JobState
from stt_cli.core.options import JobQuery, Profanity
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.formats.registry import FORMATS, WriteOptions, writer_for
from stt_cli.protocols.azure_rest.batch import parse_job
from stt_cli.protocols.azure_rest.durations import iso_seconds
from stt_cli.protocols.azure_rest.errors import parse_error
from stt_cli.protocols.azure_rest.results import failed_recordings, parse_batch_result
from stt_cli.protocols.azure_rest.versions import id_from_self
from tests.conftest import Runner
from tests.loopback import Answer, LoopbackServer
from tests.loopback import serving as scripted
from tests.providers.azure.job_kit import (
    URL,
    VERSIONS,
    client,
    shared_specs,
    submitted,
)
from tests.providers.azure.realtime_kit import provider

ID = "537216f8-0620-4a10-ae2d-00bdb423b36f"
MODEL = "824bd685-2d45-424d-bb65-c3fe99e32927"
BODY = {
    "self": f"https://eastus.api.cognitive.microsoft.com/speechtotext/transcriptions/{ID}"
    "?api-version=2025-10-15",
    "model": {"self": f"https://x.example/speechtotext/models/base/{MODEL}"},
    "links": {"files": f"https://x.example/speechtotext/transcriptions/{MODEL}/files"},
    "properties": {"durationMilliseconds": "2500", "email": "a@b.example"},
    "createdDateTime": "2026-11-20T12:00:00Z",
    "lastActionDateTime": "2026-11-20T12:01:00Z",
    "status": "Succeeded",
    "locale": "en-US",
    "displayName": "x",
}


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with scripted() as running:
        yield running


@pytest.mark.conformance("AZ-05", "AZ-06")
@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_lives_from_its_creation_to_its_deletion(version: str) -> None:
    with client("Hello there.", version=version) as (made, service):
        job = submitted(made, name="Monday")
        assert (job.state, job.provider_state) == (JobState.QUEUED, "NotStarted")
        assert job.ids.transcription_id == job.id
        assert job.ids.get("apim_request_id")
        seen = made.job(job.id)
        assert seen.state is JobState.SUCCEEDED
        assert seen.retry_after == 1.0
        assert seen.details["displayName"] == "Monday"
        (listed,) = made.jobs(JobQuery())
        assert listed.id == job.id
        changed = made.update_job(job.id, "Tuesday", {"description": ("about",)})
        assert changed.details["displayName"] == "Tuesday"
        assert made.job(job.id).details["description"] == "about"
        made.delete_job(job.id)
        with pytest.raises(NotFoundError) as raised:
            made.job(job.id)
        assert raised.value.exit_status == 5
        made.delete_job(job.id)  # 204 also when it is gone
        (sent,) = service.journal.all("job")
        assert sent["version"] == version
        assert sent["body"]["contentUrls"] == [URL]


@pytest.mark.conformance("AZ-05")
def test_every_documented_property_is_reachable_and_typed() -> None:
    wanted = {
        "wordLevelTimestampsEnabled": "true",
        "displayFormWordLevelTimestampsEnabled": "false",
        "channels": ("0", "1"),
        "punctuationMode": "Dictated",
        "profanityFilterMode": "Tags",
        "destinationContainerUrl": "https://c.example/?sig=x",
        "timeToLiveHours": "6",
        "diarization.enabled": "true",
        "diarization.maxSpeakers": "5",
        "languageIdentification.candidateLocales": "en-US,de-DE",
        "languageIdentification.mode": "Single",
        "languageIdentification.speechModelMapping": '{"de-DE": {"self": "https://m"}}',
        "description": "about",
        "customProperties.team": "support",
        "model": "https://m.example/models/1",
        "somethingNewer": '{"a": [1]}',
    }
    with client("Hello.") as (made, service):
        submitted(made, params=wanted)
        (sent,) = service.journal.all("job")
    body = sent["body"]
    assert body["properties"] == {
        "timeToLiveHours": 6,
        "wordLevelTimestampsEnabled": True,
        "displayFormWordLevelTimestampsEnabled": False,
        "channels": [0, 1],
        "punctuationMode": "Dictated",
        "profanityFilterMode": "Tags",
        "destinationContainerUrl": "https://c.example/?sig=x",
        "diarization": {"enabled": True, "maxSpeakers": 5},
        "languageIdentification": {
            "candidateLocales": ["en-US", "de-DE"],
            "mode": "Single",
            "speechModelMapping": {"de-DE": {"self": "https://m"}},
        },
        "somethingNewer": {"a": [1]},
    }
    assert body["description"] == "about"
    assert body["customProperties"]["team"] == "support"
    assert body["model"] == {"self": "https://m.example/models/1"}


@pytest.mark.conformance("AZ-05")
def test_version_3_spells_it_its_own_way() -> None:
    params = {
        "timeToLive": "PT12H",
        "diarization.speakers.minCount": "1",
        "diarization.speakers.maxCount": "4",
        "email": "a@b.example",
    }
    with client("Hello.", version="v3.1") as (made, service):
        submitted(made, speakers=True, words=True, params=params)
        (sent,) = service.journal.all("job")
    assert sent["body"]["properties"] == {
        "wordLevelTimestampsEnabled": True,
        "diarizationEnabled": True,
        "timeToLive": "PT12H",
        "diarization": {"speakers": {"minCount": 1, "maxCount": 4}},
        "email": "a@b.example",
    }


@pytest.mark.conformance("AZ-05")
def test_our_own_options_become_the_services_words() -> None:
    model = "75e2b5ee-9a5e-4a5f-8d5a-f9ea4bd4d4e0"
    container = "https://storage.example/calls?sv=1&sr=c&sig=x"
    with client("Hello.") as (made, service):
        submitted(
            made,
            container,
            speakers=True,
            profanity=Profanity.RAW,
            model=model,
            language="de-DE",
        )
        (sent,) = service.journal.all("job")
        base = service.base_url
    body = sent["body"]
    assert body["contentContainerUrl"] == container
    assert "contentUrls" not in body
    assert body["locale"] == "de-DE"
    assert body["properties"]["diarization"] == {"enabled": True, "maxSpeakers": 2}
    assert body["properties"]["profanityFilterMode"] == "None"
    assert body["model"] == {
        "self": f"{base}/speechtotext/models/{model}?api-version=2025-10-15"
    }


@pytest.mark.parametrize(
    ("wishes", "version", "words"),
    [
        ({"params": {"channels": "left"}}, "", "whole number"),
        ({"params": {"wordLevelTimestampsEnabled": "yes"}}, "", "true or false"),
        ({"params": {"timeToLiveHours": "5"}}, "", "6 to 744"),
        ({"params": {"diarization.maxSpeakers": "36"}}, "", "2 to 35"),
        ({"params": {"timeToLive": "PT1H"}}, "", "unknown property timeToLive"),
        (
            {"params": {"timeToLiveHours": "9"}},
            "v3.2",
            "unknown property timeToLiveHours",
        ),
        ({"params": {"contentContainerUrl": "https://c"}}, "", "one source"),
        ({"phrases": ("Contoso",)}, "", "--phrase"),
        ({"webhook_url": "https://w.example"}, "", "whole resource"),
    ],
)
def test_what_cannot_be_is_refused_before_any_request(
    wishes: dict[str, Any], version: str, words: str
) -> None:
    with client("Hello.", version=version) as (made, service):
        with pytest.raises(UsageError, match=words):
            submitted(made, **wishes)
        assert service.journal.all("job") == []


def test_an_unknown_version_is_a_configuration_error(stt: Runner) -> None:
    done = stt(
        "status", ID, "-p", "azure", "--endpoint", "http://127.0.0.1:9",
        env={"AZURE_SPEECH_API_VERSION": "v2"},
    )  # fmt: skip
    assert done.status == 2
    assert "v3.1, v3.2, 2024-11-15" in done.stderr


@pytest.mark.conformance("ID-10", "AZ-06")
def test_listing_follows_the_pages_verbatim(server: LoopbackServer) -> None:
    further = f"{server.url}/speechtotext/transcriptions?skip=2&top=2&odd=%24x"
    pages = {
        "/speechtotext/transcriptions?top=100&api-version=2025-10-15": {
            "values": [_with_id(1), _with_id(2)],
            "@nextLink": further,
        },
        "/speechtotext/transcriptions?skip=2&top=2&odd=%24x": {
            "values": [_with_id(3)],
            "@nextLink": None,
        },
    }
    server.play = lambda request: Answer(
        200, json.dumps(pages[request.target]).encode()
    )
    made = provider(server.url, key="k-0123456789")
    found = [job.id[-1] for job in made.jobs(JobQuery(follow_pages=True))]
    made.close()
    assert found == ["1", "2", "3"]
    assert all(r.header("Ocp-Apim-Subscription-Key") for r in server.received)


@pytest.mark.conformance("ID-10")
def test_one_page_is_enough_unless_all_are_wanted(stt: Runner) -> None:
    with client("Hello.") as (made, service):
        for _ in range(105):
            submitted(made)
        where = ("-p", "azure", "--endpoint", service.base_url)
        assert len(stt("batch", "list", *where).lines) == 100
        every = stt("batch", "list", *where, "--all")
        assert len(every.lines) == 105
        assert len({line.split("\t")[0] for line in every.lines}) == 105
        assert len(stt("batch", "list", *where, "--limit", "7").lines) == 7


@pytest.mark.conformance("AZ-06")
def test_listing_by_state_is_filtered_by_the_service() -> None:
    with client("Hello.", faults=("fail-job:1",)) as (made, _):
        failed, good = submitted(made), submitted(made)
        found = list(made.jobs(JobQuery(states=("failed",))))
        assert [job.id for job in found] == [failed.id]
        assert found[0].error is not None
        assert found[0].error.provider_code == "InvalidData"
        both = made.jobs(JobQuery(states=("succeeded", "failed")))
        assert {job.id for job in both} == {failed.id, good.id}


def test_pages_at_another_host_are_asked_for_at_ours(server: LoopbackServer) -> None:
    further = "https://eastus.api.example/speechtotext/transcriptions?skip=1"
    first = {"values": [_with_id(1)], "@nextLink": further}
    server.play = lambda request: Answer(
        200, json.dumps({"values": []} if "skip" in request.target else first).encode()
    )
    made = provider(server.url, key="k-0123456789")
    assert len(list(made.jobs(JobQuery(follow_pages=True)))) == 1
    made.close()
    assert server.received[1].target == "/speechtotext/transcriptions?skip=1"


def test_pages_in_a_circle_end(server: LoopbackServer) -> None:
    body = {
        "values": [],
        "@nextLink": f"{server.url}/speechtotext/transcriptions?skip=1",
    }
    server.answers(Answer(200, json.dumps(body).encode()))
    made = provider(server.url)
    with pytest.raises(ProviderError, match="too many pages"):
        list(made.jobs(JobQuery(follow_pages=True)))
    made.close()


def test_many_jobs_are_seen_in_few_requests() -> None:
    lines: list[str] = []
    with client("Hello.", log=lines.append) as (made, _):
        ids = [submitted(made).id for _ in range(150)]
        before = len(lines)
        seen = dict(made.job_states(ids))
        assert set(seen) == set(ids)
        assert len(lines) - before == 2


@pytest.mark.conformance("AZ-07")
@pytest.mark.parametrize("version", VERSIONS)
def test_result_files_become_a_transcript_in_every_format(version: str) -> None:
    with client("First one. | Second, twice.", version=version) as (made, _):
        job = made.job(submitted(made, words=True, speakers=True).id)
        (transcript,) = made.job_transcripts(job)
    assert transcript.text == "First one. Second, twice."
    assert transcript.ids.transcription_id == job.id
    assert transcript.input == "https://storage.example/calls/monday.wav"
    first, second = transcript.segments
    assert (first.start, first.end, second.end) == (0.0, 1.0, 2.0)
    assert (first.confidence, first.speaker, first.channel) == (0.91, "1", 0)
    assert first.alternatives[0].lexical == "first one"
    assert first.words[0].text == "first"
    for name in FORMATS:
        written = "".join(writer_for(name)([transcript], WriteOptions()))
        assert "First one." in written


@pytest.mark.conformance("AZ-07")
def test_stereo_phrases_are_put_in_order_of_time() -> None:
    with client("One. | Two.") as (made, _):
        job = made.job(submitted(made, params={"channels": ("0", "1")}).id)
        (transcript,) = made.job_transcripts(job)
    assert [(s.channel, s.text) for s in transcript.segments] == [
        (0, "One."),
        (1, "One."),
        (0, "Two."),
        (1, "Two."),
    ]


@pytest.mark.conformance("AZ-07")
def test_recordings_that_failed_inside_a_good_job_are_told(stt: Runner) -> None:
    with client("Good.", "[unreadable]") as (made, service):
        job = submitted(made, params={"contentUrls": ("https://s.example/bad.wav",)})
        good, bad = made.job_transcripts(made.job(job.id))
        assert good.text == "Good."
        assert bad.status is RecognitionStatus.FAILED
        assert bad.input == "https://s.example/bad.wav"
        assert bad.error is not None
        assert bad.error.provider_code == "InvalidAudio"
        done = stt("poll", job.id, "-p", "azure", "--endpoint", service.base_url)
    assert done.status == 6
    assert done.text == "Good.\n"
    assert "could not be read" in done.stderr


def test_result_files_are_fetched_without_the_key() -> None:
    with client("Hello.", key="k-0123456789abcdef") as (made, _):
        job = made.job(submitted(made).id)
        (transcript,) = made.job_transcripts(job)
    assert transcript.text == "Hello."


@pytest.mark.conformance("AZ-07")
@pytest.mark.parametrize("version", ["v3.1", "v3.2", "2024-11-15"])
def test_the_emulators_result_files_are_the_vendors_shape(version: str) -> None:
    from jsonschema import Draft7Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    names = {
        "v3.1": "transcriptionresult_v3_1",
        "v3.2": "transcriptionresult_v3_2",
        "2024-11-15": "transcriptionresult_v2024-11-15",
    }
    schemas = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in shared_specs().glob("*.schema.json")
    }
    with client("One. | Two.", version=version) as (made, service):
        job = made.job(submitted(made, words=True).id)
        files = json.loads(_get(f"{service.base_url}{_files_path(job.id, version)}"))
        results = [f for f in files["values"] if f["kind"] == "Transcription"]
        result = json.loads(_get(results[0]["links"]["contentUrl"]))
    assert result["recognizedPhrases"][0]["nBest"][0]["words"]
    if schemas:
        known = Registry().with_resources(
            (schema["$id"], Resource.from_contents(schema, DRAFT7))
            for schema in schemas.values()
        )
        schema = schemas[f"{names[version]}.schema.json"]
        Draft7Validator(schema, registry=known).validate(result)


def _files_path(job_id: str, version: str) -> str:
    if version.startswith("v"):
        return f"/speechtotext/{version}/transcriptions/{job_id}/files"
    return f"/speechtotext/transcriptions/{job_id}/files?api-version={version}"


def _get(url: str) -> bytes:
    from urllib.request import urlopen

    with urlopen(url) as answer:
        return bytes(answer.read())


def _with_id(number: int) -> dict[str, Any]:
    own = f"https://h/speechtotext/transcriptions/00000000-0000-4000-8000-{number:012d}"
    return {**BODY, "self": own}


def test_the_id_is_that_of_the_top_level_self_and_no_other() -> None:
    job = parse_job(BODY)
    assert (job.id, job.duration) == (ID, 2.5)
    assert job.details["properties"]["email"] == "a@b.example"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"https://h/speechtotext/v3.1/transcriptions/{ID}", ID),
        (f"https://h/speechtotext/v3.2-preview.2/transcriptions/{ID.upper()}", ID),
        (f"https://h/speechtotext/transcriptions/{ID}?api-version=2024-11-15", ID),
        (f"https://h/speechtotext/models/base/{ID}", ID),
        (f"https://h/speechtotext/webhooks/{ID}:ping", ID),
        (f"https://h/speechtotext/transcriptions/{ID}/files/{MODEL}", ID),
        (f"https://h/other/transcriptions/{ID}", None),
        (None, None),
        (7, None),
    ],
)
def test_ids_of_addresses(url: object, found: str | None) -> None:
    assert id_from_self(url) == found


@pytest.mark.parametrize("change", [{"self": None}, {"status": None}])
def test_a_transcription_without_id_or_state_is_told(change: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="without"):
        parse_job({**BODY, **change})


def test_a_state_that_nobody_knows_is_shown_as_it_is() -> None:
    job = parse_job({**BODY, "status": "Odd"})
    assert (job.state, job.provider_state) == (JobState.UNKNOWN, "Odd")


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, {"error": {"code": "401", "message": "Access denied"}},
         CredentialsError, "401"),
        (403, {"code": "Forbidden", "message": "m",
               "innerError": {"code": "QuotaViolation", "message": "used up"}},
         QuotaError, "Forbidden/QuotaViolation"),
        (400, {"code": "InvalidRequest", "message": "outer",
               "innerError": {"code": "InvalidLocale", "message": "no such locale"}},
         UsageError, "InvalidRequest/InvalidLocale"),
        (404, {"code": "NotFound", "message": "none"}, NotFoundError, "NotFound"),
        (429, {"code": "TooManyRequests", "message": "slow"},
         RateLimitedError, "TooManyRequests"),
        (500, {}, ProviderError, None),
    ],
)  # fmt: skip
def test_refusals_keep_codes_words_and_ids(
    server: LoopbackServer,
    status: int,
    body: dict[str, Any],
    kind: type[SttError],
    code: str | None,
) -> None:
    headers = (("apim-request-id", "a-1"), ("X-RequestId", "r-1"), ("Retry-After", "1"))
    server.answers(Answer(status, json.dumps(body).encode(), headers))
    made = provider(server.url)
    with pytest.raises(kind) as raised:
        made.job(ID)
    made.close()
    error = raised.value
    assert error.provider_code == code
    assert error.ids.get("apim_request_id") == "a-1"
    assert error.ids.request_id == "r-1"
    if "innerError" in body:
        assert body["innerError"]["message"] in error.message


@pytest.mark.conformance("CO-03")
@pytest.mark.parametrize(
    "fault", ["status:500:3", "rate-limit:3", "truncated:2", "status:503:2"]
)
def test_passing_faults_of_a_look_are_survived(fault: str) -> None:
    with client("Hello.") as (made, service):
        job = submitted(made)
        service.faults.add(fault)
        assert made.job(job.id).state is JobState.SUCCEEDED


def test_a_creation_whose_answer_was_lost_is_not_sent_twice() -> None:
    with client("Hello.", faults=("truncated:1",)) as (made, service):
        job = submitted(made)
        (taken,) = service.journal.all("job")
        assert taken["id"] == job.id


@pytest.mark.conformance("CO-03")
def test_a_creation_that_was_turned_away_is_sent_again() -> None:
    with client("Hello.", faults=("rate-limit:2",)) as (made, service):
        submitted(made)
        assert len(service.journal.all("job")) == 1


@pytest.mark.conformance("CO-03")
def test_final_refusals_are_not_retried(server: LoopbackServer) -> None:
    server.answers(Answer(400, b"{}"))
    made = provider(server.url)
    with pytest.raises(UsageError):
        made.job(ID)
    made.close()
    assert len(server.received) == 1


def test_submit_and_poll_from_the_command_line(stt: Runner) -> None:
    with client("Hello there.") as (_, service):
        done = stt(
            "batch", "submit", URL, "-p", "azure", "--endpoint", service.base_url,
            "--name", "x",
        )  # fmt: skip
        assert done.status == 0
        (job_id,) = done.lines
        assert f"transcription id: {job_id}" in done.stderr
        assert "topsecret" not in done.stderr
        # Another shell knows provider and address from the ledger.
        polled = stt("poll", job_id, "--json")
        job = json.loads(polled.stdout)
        assert job["transcript"]["text"] == "Hello there."
        history = stt("history", "--json").text
        assert "topsecret" not in history + polled.text
        listed = stt(
            "batch", "submit", URL, "-p", "azure", "--endpoint", service.base_url,
            "--json",
        )  # fmt: skip
        assert "topsecret" not in listed.text


def test_the_id_of_a_recognition_is_no_job_and_told_so(
    stt: Runner, recording: Path
) -> None:
    with client("Hello.") as (_, service):
        where = ("-p", "azure", "--endpoint", service.base_url)
        done = stt("recognize", recording, *where, "--json")
        session_id = json.loads(done.stdout)["ids"]["session_id"]
        asked = stt("status", session_id, *where)
    assert asked.status == 5
    assert "from `stt recognize`, not from a job" in asked.stderr


def test_a_failed_job_is_6_with_the_services_words(stt: Runner) -> None:
    with client("Hello.", faults=("fail-job:1",)) as (made, service):
        job = submitted(made)
        done = stt("poll", job.id, "-p", "azure", "--endpoint", service.base_url)
    assert done.status == 6
    assert "could not be processed" in done.stderr
    assert "InvalidData" in done.stderr


def test_a_dry_run_shows_the_request_and_no_secret(stt: Runner) -> None:
    done = stt(
        "batch", "submit", URL, "-p", "azure", "--dry-run",
        env={"AZURE_SPEECH_KEY": "k-0123456789", "AZURE_SPEECH_REGION": "westeurope"},
    )  # fmt: skip
    assert done.status == 0
    assert done.lines[0] == (
        "POST https://westeurope.api.cognitive.microsoft.com/speechtotext/"
        "transcriptions:submit?api-version=2025-10-15"
    )
    body = json.loads("\n".join(done.lines[1:]))
    assert body["properties"] == {"timeToLiveHours": 48}
    assert "k-0123456789" not in done.text


@given(
    st.integers(0, 99), st.integers(0, 59), st.integers(0, 5999).map(lambda n: n / 100)
)
def test_iso_durations_are_read_back(hours: int, minutes: int, seconds: float) -> None:
    text = f"PT{hours}H{minutes}M{seconds}S"
    assert iso_seconds(text) == pytest.approx(hours * 3600 + minutes * 60 + seconds)


@pytest.mark.parametrize("text", ["", "P", "PT", "1S", "PT1X", None, 3])
def test_what_is_no_duration_is_none(text: object) -> None:
    assert iso_seconds(text) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["error", "innerError", "code", "message", "details", "status",
                 "recognizedPhrases", "nBest", "offset", "offsetInTicks", "words",
                 "display", "channel", "source", "self", "properties", "speaker"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_or_refused_in_words(body: Any) -> None:
    ids = Identifiers()
    parse_error(body)
    failed_recordings(body, ids)
    for read in (lambda: parse_batch_result(body, ids), lambda: parse_job(body)):
        try:
            if isinstance(body, dict):
                read()
        except (ProviderError, JobFailedError):
            continue
