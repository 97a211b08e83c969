r"""Secrets in the lines of logs that other programs wrote.

The redactor of the run knows this machine's secrets and the common forms. A
customer's log has more: a HAR's ``"name": "Cookie", "value": "…"``, keys in JSON
in JSON, signatures of URLs, keys that are told by how they begin. What names a
value as secret stands ahead of it; how names and values are parted is what
differs.
"""

from __future__ import annotations

import re

MASK = "***"

_NAME = (
    r"[\w.-]{0,40}(?:(?:api|subscription|access|account|private|functions|s2t)[ _-]?key"
    r"|secret|token|passw(?:or)?d|passwd|pwd|passphrase|credential|authorization|signature|cookie|DPAT|user_secret"
    r"|webhook_auth_header_value|X-[\w-]{0,30}Auth)[\w.-]{0,24}"
    # A name that ends in key: speechKey, SPEECH_KEY, "key"; not monkey.
    r"|[\w.-]{0,40}(?-i:[a-z0-9]K)ey[12]?(?![\w-])|(?:[\w.-]{0,40}[_.-])?key[12]?(?![\w-])"
)
_QUOTE = r"(?:\\{0,7}[\"']|&quot;|%22)?"
_IS = (
    rf"{_QUOTE}\s{{0,4}}(?:(?:=>|[:=]|%3[AaDd])\s{{0,4}}b?|,\s{{0,4}}{_QUOTE}value{_QUOTE}"
    rf"\s{{0,4}}[:=]\s{{0,4}}|\s{{1,8}}value\s{{0,4}}=\s{{0,4}}|,\s{{0,4}}b?(?=\\{{0,7}}[\"'])|>)"
)
_QUOTED = r"\\{0,7}\"(?:[^\"\\]|\\+(?!\")[^\"\\]?)*|\\{0,7}'[^']*"
_RULES = (
    re.compile(
        # HAR's lists of cookies: any name there is a cookie's.
        r"(?P<name>\\{0,3}\"cookies\\{0,3}\"\s{0,4}:\s{0,4}\[)(?P<value>[^\]]+)"
    ),
    re.compile(r"(?P<name>://[^\s/?#:@]{0,64}:)(?P<value>[^\s/?#@]+)(?=@)"),
    re.compile(
        r"(?i)(?P<name>\bkey\s{0,4}=\s{0,4}[\"'][^\"']*(?:key|secret|password|token)[\"']"
        r"\s{1,8}value\s{0,4}=\s{0,4})(?P<value>\"[^\"]*\"|'[^']*')"
    ),
    # Cookies and credentials go on to the end of their line or string.
    re.compile(
        rf"(?i)(?P<name>\b(?:Set-|Proxy-)?(?:Cookie2?|Authorization){_IS}{_QUOTE})"
        r"(?P<value>[^\r\n\"'\\]+)"
    ),
    re.compile(
        rf"(?i)(?P<name>(?<![\w-])(?:{_NAME}){_IS})(?P<value>{_QUOTED}|[^\s\"'&,;<>\\)\]}}\[{{(]+)"
    ),
    re.compile(r"(?i)(?P<name>[?&;](?:sig|key|code|auth|jwt|st|X-Amz-Credential)=)(?P<value>[^\s\"'&<>\\]+)"),
    re.compile(
        r"(?i)(?P<name>(?:AccountKey|SharedAccess(?:Key|Signature))=)"
        r"(?P<value>[^\s;\"']+)"
    ),
    re.compile(
        # Keys known by how they begin: AWS, OpenAI, ElevenLabs, GitHub, Google.
        r"(?P<name>\b)(?P<value>(?:AKIA|ASIA)[0-9A-Z]{16}|sk[-_](?:proj-)?[0-9A-Za-z_-]{16,}"
        r"|gh[pousr]_[0-9A-Za-z]{20,}|AIza[0-9A-Za-z_-]{30,}|xox[abpr]-[0-9A-Za-z-]{10,})"
    ),
    re.compile(
        r"(?P<name>-----BEGIN [A-Z ]*PRIVATE KEY-----)"
        r"(?P<value>[\s\S]*?(?=-----END|\Z))"
    ),
)  # fmt: skip
_OPENS = re.compile(r"(?:\\{0,7}[\"'])?")
_LIKELY = re.compile(
    r"(?i)key|secret|token|pass|pwd|credential|authoriz|signature|cookie|dpat|[?&;](?:sig|code"
    r"|auth|jwt|st)=|akia|asia[0-9a-z]|sk[-_]|gh[pousr]_|aiza|xox|[-_]auth|://[^\s/]*@"
)


def masked(text: str) -> str:
    """Return ``text`` with the value of whatever is named a secret masked."""
    if _LIKELY.search(text) is None:
        return text
    for rule in _RULES:
        text = rule.sub(_with_mask, text)
    return text


def _with_mask(match: re.Match[str]) -> str:
    value = match["value"]
    quote = _OPENS.match(value)
    opened = quote[0] if quote else ""
    closed = opened if opened and value[len(opened) :].endswith(opened) else ""
    return f"{match['name']}{opened}{MASK}{closed}"
