"""What ``stt doctor`` asks Microsoft's services, one thing at a time.

Hosts first, then the clock, then key or token, then the batch API: the first
that fails is mostly the cause of those after it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from stt_cli.core.address import with_query
from stt_cli.core.catalog import Check
from stt_cli.core.errors import (
    INTERRUPTIONS,
    ConfigurationError,
    CredentialsError,
    NotFoundError,
    SttError,
)
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.net.messages import QUICK
from stt_cli.net.retry import NEVER
from stt_cli.protocols.azure_rest.errors import refusal
from stt_cli.protocols.usp.limits import BYTES_A_SECOND
from stt_cli.protocols.usp.messages import riff_header
from stt_cli.providers.azure.api import SpeechApi
from stt_cli.providers.azure.endpoints import (
    api_base,
    short_audio_url,
)
from stt_cli.providers.azure.service import Service
from stt_cli.providers.azure.tokens import TOKEN_PATH, read_token, token_request

SKEW_SECONDS = 300.0
"""A clock that far off makes tokens and certificates invalid."""
_NOTICED_SECONDS = 30.0

REGIONS = (
    *("australiaeast", "brazilsouth", "canadacentral", "centralindia", "centralus"),
    *("eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral"),
    *("japaneast", "japanwest", "jioindiawest", "koreacentral", "northcentralus"),
    *("northeurope", "norwayeast", "southcentralus", "southeastasia"),
    *("swedencentral", "switzerlandnorth", "switzerlandwest", "uaenorth", "uksouth"),
    *("westcentralus", "westeurope", "westus", "westus2", "westus3"),
)
"""Where a key may belong that its own region refuses (Azure's list of regions)."""


def examine(
    service: Service, batch_api: Callable[[], SpeechApi] | None
) -> Iterator[Check]:
    """Yield what is found about hosts, clock, key, token and batch API."""
    answers: list[HttpResponse] = []
    for host in _hosts(service):
        check, answer = _reach(service, host)
        yield check
        if answer is not None:
            answers.append(answer)
    if not answers:
        return
    yield _clock(service, answers[0])
    key = service.context.secrets.get("key")
    token = service.context.secrets.get("token")
    if key is not None:
        yield _key(service, key)
    if token is not None:
        yield _token(service, token)
    if key is None and token is None:
        yield Check("credentials", "warning", "no credentials")
    if batch_api is not None:
        yield _batch(batch_api())


def _hosts(service: Service) -> list[str]:
    recognition = short_audio_url(
        service.flavor.hosts,
        region=service.region,
        endpoint=service.context.endpoint,
        mode="conversation",
    )
    bases = [_origin(recognition), _origin(service.api_base)]
    return list(dict.fromkeys(bases))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _reach(service: Service, base: str) -> tuple[Check, HttpResponse | None]:
    """Ask a host for anything: every answer tells that it can be reached."""
    name = f"host {urlsplit(base).netloc}"
    request = HttpRequest("GET", f"{base}/")
    try:
        answer = service.sender.send(
            request, lambda response: response, policy=NEVER, timeouts=QUICK
        )
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return Check.failed(name, error), None
    return Check(name, "ok", f"reachable (HTTP {answer.status})"), answer


def _clock(service: Service, answer: HttpResponse) -> Check:
    from email.utils import parsedate_to_datetime

    try:
        theirs = parsedate_to_datetime(answer.header("Date") or "")
        off = (service.context.environment.now() - theirs).total_seconds()
    except (ValueError, TypeError):
        return Check("clock", "warning", "the service returned no time to compare with")
    if abs(off) <= _NOTICED_SECONDS:
        return Check("clock", "ok", "matches the service's clock")
    way = "ahead of" if off > 0 else "behind"
    message = f"this machine's clock is {abs(off):.0f} s {way} the service's clock"
    hint = "sync the clock with NTP"
    if abs(off) < SKEW_SECONDS:
        return Check("clock", "warning", message, hint)
    return Check.failed("clock", ConfigurationError(message, hint=hint))


def _key(service: Service, key: Secret) -> Check:
    """Trade the key for a token: that tells a good key from everything else."""
    try:
        _trade(service, service.api_base, key)
    except CredentialsError as error:
        return _refused_key(service, key, error)
    except NotFoundError:
        message = "cannot check: this endpoint has no token service"
        return Check("key", "warning", message)
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return Check.failed("key", error)
    return Check("key", "ok", "valid")


def _refused_key(service: Service, key: Secret, error: CredentialsError) -> Check:
    """Tell a wrong region from a wrong key, by asking the other regions."""
    own, is_regional = service.region, service.flavor.hosts.is_regional
    if not is_regional or own is None or service.context.endpoint is not None:
        return Check.failed("key", error)
    for region in REGIONS:
        if region == own:
            continue
        try:
            _trade(service, api_base(region), key)
        except INTERRUPTIONS:
            raise
        except SttError:
            continue
        fault = CredentialsError(
            f"the key is valid, but for the region {region}, not {own}",
            hint=f"set AZURE_SPEECH_REGION={region}",
            http_status=error.http_status,
        )
        return Check.failed("region", fault)
    fault = CredentialsError(
        "no region accepts the key",
        hint="copy one of the two keys from the resource's page",
        http_status=error.http_status,
    )
    return Check.failed("key", fault)


def _trade(service: Service, base: str, key: Secret) -> None:
    token = service.sender.send(
        token_request(base + TOKEN_PATH, key),
        lambda answer: read_token(answer, service.title, "check the key"),
        policy=NEVER,
        timeouts=QUICK,
    )
    service.context.environment.redactor.register(token)


def _token(service: Service, token: Secret) -> Check:
    """Read the token's own end; then let the service say what it thinks."""
    left = seconds_left(token, service.context.environment.now().timestamp())
    if left is not None and left <= 0:
        fault = CredentialsError(
            f"the token expired {-left / 60:.0f} minutes ago",
            hint="tokens are valid for ten minutes; get a new one, or use the key "
            "instead",
        )
        return Check.failed("token", fault)

    def read(answer: HttpResponse) -> int:
        if answer.status in (401, 403):
            hint = "it has expired, or belongs to a different region or resource"
            raise refusal(answer, service.title, credentials_hint=hint)
        return answer.status

    request = _trial(service).with_credentials(
        ("Authorization", Secret(f"Bearer {token.reveal()}"))
    )
    try:
        status = service.sender.send(request, read, policy=NEVER, timeouts=QUICK)
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return Check.failed("token", error)
    known = "" if left is None else f"; {left / 60:.0f} minutes left"
    if not 200 <= status < 300:
        message = (
            f"not rejected, but not verified either: the service returned HTTP {status}"
        )
        return Check("token", "warning", message + known)
    return Check("token", "ok", f"valid{known}")


def _trial(service: Service) -> HttpRequest:
    """Return the recognition that verifies a token, of a tenth of a second.

    Only a recognition proves it (2018, "Verify that you have a valid token"): any
    other method is answered before anyone looks at the token.
    """
    flavor, mode = service.flavor, "interactive"
    url = short_audio_url(
        flavor.hosts,
        region=service.region,
        endpoint=service.context.endpoint,
        mode=mode,
    )
    silence = bytes(BYTES_A_SECOND // 10)
    return HttpRequest(
        "POST",
        with_query(url, [("language", "en-US"), ("format", "simple")]),
        headers=(("Content-Type", flavor.short_audio.content_type),),
        body=riff_header() + silence,
    )


def seconds_left(token: Secret, now: float) -> float | None:
    """Return the seconds that a JWT still lives, ``None`` where it does not say."""
    parts = token.reveal().rpartition("#")[2].split(".")
    if len(parts) != 3:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        return float(claims["exp"]) - now
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _batch(api: SpeechApi) -> Check:
    try:
        api.call("GET", "/models/base", query=[("top", "1")], policy=NEVER)
    except NotFoundError:
        return Check("batch API", "warning", "not available at this endpoint")
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return Check.failed("batch API", error)
    return Check("batch API", "ok", f"reachable, version {api.version.name}")
