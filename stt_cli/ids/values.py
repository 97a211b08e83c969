"""From a label to its value: what may stand between them, and what may not.

Between them may stand quotes, brackets, tags, Markdown marks, a cell border, an
arrow, one line break, and the few words of ``the session id for this call was``.
Any other word makes the value another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stt_cli.ids.shapes import Shape, id_in

_MOST_MARKS = 100  # a table pads its cells
_MOST_WORDS = 9
_SHORTEST_REST, _LONGEST_REST = 2, 40  # of a value that is broken over two lines
_NO_VALUES = re.compile(r"<(?:null|none|empty|missing|unknown|redacted)>", re.I)
_TAG = re.compile(r"<[/!?A-Za-z][^<>]{0,300}>|[ \t][^<>\n=]{1,40}=[^<>\n]{1,200}>")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]{1,2})?(?![0-9A-Za-z_])")
_NEXT_WORD = re.compile(r" ([A-Za-z]{2,})(?=[ ,]|[:.](?:\s|\Z))")
# A key's last letters with a whole value behind them; =3D may be quoted-printable's.
_ASSIGNED = re.compile(
    r"[A-Za-z]{2,7}[ _.-]?[Ii][Dd](?:\\{0,3}[\"'] ?[:=]|=) ?\\{0,3}[\"']?"
    r"(?=[0-9A-Za-z_.-])(?!3D)(?P<value>(?P<word>[A-Za-z]*)(?![A-Za-z])[0-9A-Za-z_.-]*)"
    r"(?<!\b[bur])(?=\\{0,3}[\"']|[,; }])"
)
_RUN = re.compile(r"[0-9A-Za-z-]{4,}")
_BREAK = re.compile(r"(?<=[0-9A-Za-z-])[ \t]*\r?\n[ \t>|#*]{0,12}(?=[0-9A-Fa-f]{2})")
# What languages put in front of a value: b'…' of Python, string(32) of PHP, Some(…),
# the name of the value's own field of CEF; what Salesforce puts behind a field's name.
_PREFIX = re.compile(
    r"[bur](?=['\"])|string\([0-9]{1,3}\)|cs[0-9]=|(?:Some|Optional|Just|Str|UUID)[(\[]"
    r"|(?<=__)c(?![0-9A-Za-z_])"
)
# Marks of LaTeX, Jira, forums, Markdown and Go's dumps, and what HTML's fields have
# ahead of a value.
_MARKUP = re.compile(
    r"\\[A-Za-z]{2,12}[{|]|<!\[CDATA\["
    r"|\(\*?string\)(?:\(0x[0-9a-f]{6,16}\)\()?(?:[ \t]*\(len=[0-9]{1,3}\))?"
    r"|\{(?:color|code|noformat|quote|panel)(?::[^{}\n]{0,60})?\}"
    r"|\[/?(?:code|quote|color|b|i|u|tt)(?:=[^\[\]\n]{0,20})?\]"
    r"|`{3}[a-z]{1,12}(?=\r?\n)"
    r"|(?:<[A-Za-z]+(?![^<>]* name=)|[\"'])"
    r"(?:[ \t]+[\w-]+=[\"'][^\"'<>]{0,80}[\"']){0,8}[ \t]+(?:value|content)=(?=[\"'])",
    re.I,
)
_MARKUP_STARTS = frozenset("\\<{([`\"'")
# Behind a heading the value stands in a paragraph or a block of code of its own.
_MOST_BREAKS = 4
_ALONE = re.compile(r"[^\s`<>{}]{6,}[`*_~\"']{0,3}[ \t]*(?:\r?\n|\Z|[<{])")

_FILLER_WORDS = """
is was are were be been being of for this that these the my our your their its it a an
to as in on at from by with has have had i we you they he she got get gets see saw
shows showed showing show looks like reads says said follows following below here
there above now then so just also equals equal set used using sent named called value
val text string stringvalue guid uuid urn hex id number call calls run recording
recognition failed failing last first second latest one azure speech sdk client
service started stopped begun ended new current today yesterday please find attached
again right should would seems currently copied pasted log logs logged print printed
prints out some ok ist war lautet
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
# An assignment whose value is missing: what follows belongs to something else.
_ASSIGNS = frozenset(":=")
_ENDS = frozenset(",;&)}]")
_PARTS = frozenset(",;&?")


def value_starts(text: str, at: int) -> Iterator[int]:
    """Yield where the value of a label that ends at ``at`` may begin, nearest first.

    Nothing is yielded behind a word that says that the value is another's, or behind
    an assignment of nothing. What is yielded behind more than one line break stands
    alone on its line.
    """
    marks = words = breaks = parts = 0
    is_assigned = False
    while at < len(text) and marks < _MOST_MARKS:
        character = text[at]
        if character in _MARKUP_STARTS:
            markup = _MARKUP.match(text, at)
            if markup:
                at = markup.end()
                continue
        if character.isalnum():
            prefix = _PREFIX.match(text, at)
            if prefix:
                at = prefix.end()
                continue
            if breaks > 1 and not _ALONE.match(text, at):
                return
            yield at
            word = _WORD.match(text, at)
            if word is None or words >= _MOST_WORDS or breaks:
                return
            if word[0].lower() not in _FILLERS:
                return
            words += 1
            at = word.end()
            continue
        tag = _TAG.match(text, at)
        if tag and _NO_VALUES.match(text, at):
            return
        if tag:
            at = tag.end()
            continue
        if character == "\n":
            breaks += 1
            if breaks > _MOST_BREAKS:
                return
        if character in _ASSIGNS:
            is_assigned = True
        elif character in _PARTS:
            parts += 1
            is_cell = character == "&" and text[at - 1 : at + 2] == " & "
            if parts > 1 or (character in "&?" and not is_cell):
                return
        if is_assigned and character in _ENDS:
            return
        marks += 1
        at += 1


def leads_elsewhere(text: str, at: int) -> bool:
    """Whether a label that ends at ``at`` is followed by a word of another matter.

    ``SessionStarted event:`` has no value, however it would be decoded.
    """
    word = _NEXT_WORD.match(text, at)
    return word is not None and word[1].lower() not in _FILLERS


def is_foreign(shapes: Sequence[Shape], text: str, at: int) -> bool:
    """Whether what is assigned to a key has none of the shapes its value may have.

    The key's last letters begin at ``at``. For ``"session_id":"web-17"`` and
    ``session_id=web-17``, of which other programs write one a line; quick, and
    ``False`` wherever a closer look is due.
    """
    match = _ASSIGNED.match(text, at)
    if match is None or match["word"].lower() in _FILLERS:
        return False
    value = match["value"]
    return not any(shape.match(value, 0) for shape in shapes)


def match_at(shape: Shape, text: str, at: int) -> tuple[str, int] | None:
    """Return the ID of that shape that begins at ``at``, and where it ends.

    A value that is known by its length may be broken over two lines.
    """
    match = shape.match(text, at)
    if match is not None:
        return id_in(match), match.end()
    if not shape.breakable:
        return None
    cut = _BREAK.search(text, at, at + 80)
    if cut is None or not _RUN.fullmatch(text, at, cut.start()):
        return None
    first = cut.start() - at
    joined = text[at : cut.start()] + text[cut.end() : cut.end() + _LONGEST_REST]
    match = shape.match(joined, 0)
    if match is None or match.end() - first < _SHORTEST_REST:
        return None
    return id_in(match), cut.end() + match.end() - first
