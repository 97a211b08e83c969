r"""How a label may be written, and the literals that give it away.

A label of the catalog is words parted by blanks. In a log they are joined by
nothing, a blank, ``_``, ``-``, ``.`` or ``+``, in any case: ``SessionId``,
``session_id``, ``SESSION-ID``. Where the last two words meet is what the search
looks for: ``on`` + joint + ``id``. It is looked for in small letters, in text that
is not decoded yet, so the blank stands there in its encodings too. The expression
and the anchors are made from the same joints, so that neither knows a spelling
which the other does not.
"""

from __future__ import annotations

import re
from functools import cache

JOINTS = ("", " ", "_", "-")
"""What may stand between the words of any label, once it is decoded."""

WIDE_JOINTS = (*JOINTS, ".", "+")
"""What may stand there in the labels that support asks for first."""

_ENCODED_JOINTS = (
    *(b"%20", b"%c2", b"%5f"),  # URLs
    *(b"&nbsp", b"&#", b"=20", b"=c2"),  # HTML, quoted-printable
    *(b"\\u0", b"\\u2", b"\\x", b"\\_"),  # JSON, JavaScript, Markdown
    *(b"\xc2\xa0", b"\xe2\x80", b"\xa0"),  # as they are, in UTF-8 and Latin-1
)
"""How the same begin before they are decoded, in small letters."""

_SHORTEST = 4
"""A shorter anchor would blind the search for all others of its set."""

_OTHER_ID_WORDS = ("guid", "uuid")
_ID = r"id(?:entifier|s)?"

# Words that may stand ahead of a label, joined to it as its own words are: whose
# the ID is. Another word makes it another's: JSESSIONID, user_session_id.
_QUALIFIER_WORDS = """
priv http https azure microsoft ms cognitive speech stt asr sdk usp bing cris watson
ibm soniox scriptix recognizer recognizer recognizing recognition transcriber
translation dictation conversation dialog connection current cur last this new my the
log ctx context service remote server client aws amzn amz twilio genesys openai
deepgram gladia google operation parent original customdimensions custom_dimensions
properties field fields label labels tag tags attribute attributes event events data
payload details info meta metadata extra
"""
_QUALIFIERS = tuple(_QUALIFIER_WORDS.split())
_JOINT, _WIDE_JOINT = r"[ _-]?", r"[ _.+-]?"
_QUALIFIED = re.compile(
    rf"(?<![0-9A-Za-z_])_{{0,2}}(?:(?:{'|'.join(_QUALIFIERS)}|m_|x[_.-])"
    rf"{_WIDE_JOINT}){{1,3}}\Z|(?<![0-9A-Za-z])_{{1,2}}\Z",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_QUALIFIER = 48


@cache
def label_anchors(label: str, *, wide: bool) -> tuple[bytes, ...]:
    """Return the literals, in small letters, one of which is in every spelling.

    They are short on purpose: the search tells candidates by their first four
    bytes, and where words meet is rarer in ordinary text than a word is. ``wide``
    labels are those of which support asks first: they may say GUID instead of ID,
    and their blanks are known in every encoding.
    """
    words = label.split()
    if len(words) == 1:
        return (words[0][-7:].encode(),)
    first, last = _telling_pair(words)
    tail = first[-2:]
    joints: tuple[str, ...] = WIDE_JOINTS if wide else JOINTS
    if "with" in words:  # prose, which is joined by blanks alone
        joints = (" ",)
    plain = [f"{tail}{joint}{last[:4]}".encode() for joint in joints]
    if not wide:
        return tuple(plain)
    others = [
        f"{tail}{joint}{word}".encode() for joint in JOINTS for word in _OTHER_ID_WORDS
    ]
    encoded = [
        first[-max(2, _SHORTEST - len(joint)) :].encode() + joint
        for joint in _ENCODED_JOINTS
    ]
    return (*plain, *others, *encoded)


def _telling_pair(words: list[str]) -> tuple[str, str]:
    """Return the last two words that are words: not the 2 of x-amz-id-2."""
    while not words[-1].isalpha():
        words = words[:-1]
    return words[-2], words[-1]


@cache
def address_anchors(address: str) -> tuple[bytes, ...]:
    r"""Return the literals of a piece of a path: its end, and a slash's encodings."""
    stem = re.sub(r"\W+\Z", "", address)[-3:].lower()
    return tuple(f"{stem}{slash}".encode() for slash in ("/", "%2f", "\\/"))


def label_expression(label: str, *, wide: bool) -> str:
    """Return the expression for every spelling of a label, without its start."""
    *words, last = [_ID if word == "id" else word for word in label.split()]
    if "with" in words:
        return " ".join((*words, last))
    if not wide:
        return _JOINT.join((*words, last))
    stem = _WIDE_JOINT.join(words)
    others = "|".join(_OTHER_ID_WORDS)
    return rf"{stem}(?:{_WIDE_JOINT}{last}|{_JOINT}(?:{others}))"


def label_reach(label: str) -> int:
    """Return how far ahead of its anchor a label may begin, in characters."""
    words = label.split()
    if len(words) == 1:
        return len(label)
    first, _last = _telling_pair(words)
    return label.rindex(f"{first} ") + len(first)


def labels_expression(labels: tuple[tuple[str, bool], ...]) -> re.Pattern[str]:
    """Return one expression for labels, each with whether it is wide.

    The group ``l3`` is the third of them. Longer labels are tried first:
    ``x-amz-request-id`` is not ``request-id``. Whether a label stands by itself
    ``stands_alone`` tells.
    """
    ordered = sorted(range(len(labels)), key=lambda i: -len(labels[i][0].split()))
    alternatives = "|".join(
        f"{'(?<![0-9A-Za-z])' if labels[i][0].startswith('x ') else ''}"
        f"(?P<l{i}>{label_expression(labels[i][0], wide=labels[i][1])})"
        for i in ordered
    )
    return re.compile(rf"(?:{alternatives})(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)


def stands_alone(text: str, start: int) -> bool:
    """Whether a label that begins at ``start`` is no part of another's name.

    ``privSessionId`` and ``azure_session_id`` are labels, ``JSESSIONID`` is none.
    """
    before = text[start - 1 : start]
    if not (before.isalnum() or before == "_"):
        return True
    ahead = text[max(0, start - _LONGEST_QUALIFIER) : start]
    if before.isalnum() and not ahead.lower().endswith(_QUALIFIERS):
        return False
    return _QUALIFIED.search(ahead) is not None
