"""Tokens: got for a key, renewed at nine minutes, once more when refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stt_cli.core.errors import CredentialsError, ProviderError
from stt_cli.core.http_message import HttpRequest, StreamedBody
from stt_cli.core.options import Transport
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient
from stt_cli.providers.azure.endpoints import (
    AZURE_HOSTS,
    BING_HOSTS,
    service_base,
    short_audio_url,
)
from stt_cli.providers.azure.tokens import (
    TOKEN_PATH,
    TokenCredentials,
    fetching,
    send_authorized,
)
from tests.fake_time import FakeTime, context
from tests.loopback import Answer, LoopbackServer, serving
from tests.providers.azure.realtime_kit import (
    fake_environment,
    recognized,
    texts,
    tone,
)
from tests.providers.azure.realtime_kit import (
    serving as emulated,
)

KEY = "k-0123456789abcdef"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with serving() as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def sender(time: FakeTime) -> Iterator[HttpClient]:
    made = HttpClient(context(time))
    yield made
    made.close()


@pytest.fixture
def credentials(
    server: LoopbackServer, sender: HttpClient, time: FakeTime
) -> TokenCredentials:
    url = server.url + TOKEN_PATH
    fetch = fetching(sender, url, Secret(KEY), "Azure Speech", "check the key")
    return TokenCredentials(fetch, context(time).environment)


@pytest.mark.conformance("BS-13")
def test_a_key_is_traded_for_a_token_by_a_post_without_a_body(
    server: LoopbackServer, credentials: TokenCredentials, time: FakeTime
) -> None:
    server.answers(Answer(200, b"eyJ0.eyJl.c2ln\n"))
    assert credentials.headers() == {"Authorization": "Bearer eyJ0.eyJl.c2ln"}
    (request,) = server.received
    assert (request.method, request.target) == ("POST", "/sts/v1.0/issueToken")
    assert request.header("Ocp-Apim-Subscription-Key") == KEY
    assert request.header("Content-Length") == "0"
    assert request.header("Content-Type") == "application/x-www-form-urlencoded"
    assert request.body == b""


@pytest.mark.conformance("BS-14")
def test_a_token_is_renewed_at_nine_of_its_ten_minutes(
    server: LoopbackServer, credentials: TokenCredentials, time: FakeTime
) -> None:
    server.answers(Answer(200, b"first"), Answer(200, b"second"))
    seen = []
    for seconds in (0, 539.9, 540.1, 900):
        time.seconds = seconds
        seen.append(credentials.headers()["Authorization"])
    assert seen == ["Bearer first"] * 2 + ["Bearer second"] * 2


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": 1}', b"two words"])
def test_what_is_no_token_is_told(
    server: LoopbackServer, credentials: TokenCredentials, body: bytes
) -> None:
    server.answers(Answer(200, body))
    with pytest.raises(ProviderError, match="not a token"):
        credentials.headers()


def test_a_key_that_is_refused_is_told_and_not_tried_again(
    server: LoopbackServer, credentials: TokenCredentials, time: FakeTime
) -> None:
    server.answers(Answer(401))
    with pytest.raises(CredentialsError, match="rejected the credentials"):
        credentials.headers()
    assert len(server.received) == 1


class Counted:
    """Credentials that count their renewals."""

    def __init__(self, good: bool) -> None:
        self.renewals = 0
        self.good = good

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.renewals}"}

    def renew(self) -> bool:
        self.renewals += 1
        return self.good


@pytest.mark.conformance("BS-14")
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_renewed_once_and_no_more(
    server: LoopbackServer, sender: HttpClient, status: int
) -> None:
    def read(response: object) -> None:
        raise CredentialsError("refused", http_status=status)

    made = Counted(good=True)
    request = HttpRequest("GET", server.url)
    with pytest.raises(CredentialsError):
        send_authorized(sender, made, request, read)
    assert made.renewals == 1
    sent = [request.header("Authorization") for request in server.received]
    assert sent == ["Bearer 0", "Bearer 1"]


def test_live_audio_is_not_sent_again_after_a_refusal(
    server: LoopbackServer, sender: HttpClient
) -> None:
    def read(response: object) -> None:
        raise CredentialsError("refused", http_status=401)

    made = Counted(good=True)
    live = StreamedBody(lambda: iter([b"x"]), repeatable=False)
    request = HttpRequest("POST", server.url, body=live)
    with pytest.raises(CredentialsError):
        send_authorized(sender, made, request, read)
    assert made.renewals == 0


@pytest.mark.conformance("BS-14")
@pytest.mark.parametrize("transport", [Transport.REST, Transport.WEBSOCKET])
@pytest.mark.parametrize("bing", [True, False])
def test_a_token_that_expires_midway_is_replaced_without_a_word(
    bing: bool, transport: Transport
) -> None:
    given = {"key": KEY, "region": "westeurope", "auth": "token"}
    with emulated("Hello.", bing=bing, key=KEY, faults=("expire-token:1",)) as service:
        events = recognized(
            service, tone(1.0), bing=bing, transport=transport, given=given
        )
        assert texts(events) == ["Hello."]
        assert len(service.journal.all("token")) == 2


@pytest.mark.conformance("BS-13", "CO-05")
def test_a_token_is_masked_wherever_it_could_show() -> None:
    environment = fake_environment()
    given = {"key": KEY}
    with emulated("Hello.", bing=True, key=KEY) as service:
        recognized(service, tone(1.0), bing=True, environment=environment, given=given)
        tokens = service.journal.all("token")
    assert tokens
    masked = environment.redactor.clean("a eyJhbGciOiJIUzI1NiJ9.e30.c2ln b")
    assert masked == "a *** b"


@pytest.mark.conformance("AZ-01")
@pytest.mark.parametrize(
    ("region", "endpoint", "bing", "base"),
    [
        ("westeurope", None, False, "https://westeurope.api.cognitive.microsoft.com"),
        ("West Europe", None, False, "https://westeurope.api.cognitive.microsoft.com"),
        (
            "usgovarizona",
            None,
            False,
            "https://usgovarizona.api.cognitive.microsoft.us",
        ),
        ("chinaeast2", None, False, "https://chinaeast2.api.cognitive.azure.cn"),
        (None, None, True, "https://api.cognitive.microsoft.com"),
        (None, "http://127.0.0.1:5000", False, "http://127.0.0.1:5000"),
        (None, "https://x.cognitiveservices.azure.com/a/b", False,
         "https://x.cognitiveservices.azure.com"),
        (None, "https://eastus.stt.speech.microsoft.com", False,
         "https://eastus.api.cognitive.microsoft.com"),
    ],
)  # fmt: skip
def test_where_tokens_and_batch_are(
    region: str | None, endpoint: str | None, bing: bool, base: str
) -> None:
    hosts = BING_HOSTS if bing else AZURE_HOSTS
    assert service_base(hosts, region=region, endpoint=endpoint) == base


@pytest.mark.conformance("AZ-01", "BS-01")
@pytest.mark.parametrize(
    ("region", "endpoint", "bing", "url"),
    [
        (None, None, True, "https://speech.platform.bing.com/speech/recognition/"
         "interactive/cognitiveservices/v1"),
        ("westeurope", None, False, "https://westeurope.stt.speech.microsoft.com/"
         "speech/recognition/interactive/cognitiveservices/v1"),
        ("usgovvirginia", None, False, "https://usgovvirginia.stt.speech.azure.us/"
         "speech/recognition/interactive/cognitiveservices/v1"),
        ("chinanorth3", None, False, "https://chinanorth3.stt.speech.azure.cn/"
         "speech/recognition/interactive/cognitiveservices/v1"),
        (None, "http://host:5000", False, "http://host:5000/speech/recognition/"
         "interactive/cognitiveservices/v1"),
        (None, "https://x.cognitiveservices.azure.com", False,
         "https://x.cognitiveservices.azure.com/stt/speech/recognition/interactive/"
         "cognitiveservices/v1"),
        (None, "https://own.example/any/path", False, "https://own.example/any/path"),
    ],
)  # fmt: skip
def test_where_short_audio_goes(
    region: str | None, endpoint: str | None, bing: bool, url: str
) -> None:
    hosts = BING_HOSTS if bing else AZURE_HOSTS
    found = short_audio_url(hosts, region=region, endpoint=endpoint, mode="interactive")
    assert found == url
