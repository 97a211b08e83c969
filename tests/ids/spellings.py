"""Spellings of labels and the ways a value stands behind them, made from the catalog.

Independent of how the search reads them: what people and programs write.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from stt_cli.ids import shapes
from stt_cli.ids.catalog import Description

CASES = {
    "small": lambda words: [word.lower() for word in words],
    "capital": lambda words: [word.capitalize() for word in words],
    "large": lambda words: [word.upper() for word in words],
    "first": lambda words: [words[0].capitalize(), *words[1:]],
    "camel": lambda words: [words[0], *(word.capitalize() for word in words[1:])],
    "Id as ID": lambda words: [
        *(word.capitalize() for word in words[:-1]),
        words[-1].upper(),
    ],
}
JOINTS = ("", " ", "_", "-")
_ONE_CASE = ("sessionid", "SESSIONID")

SEPARATIONS = {
    "colon": "{label}: {value}",
    "no blank": "{label}:{value}",
    "equals": "{label}={value}",
    "blanks": "{label}            : {value}",
    "quotes": "{label}: '{value}'",
    "JSON": '{{"{label}": "{value}"}}',
    "JSON in JSON": '{{"m": "{{\\"{label}\\":\\"{value}\\"}}"}}',
    "JSON in CSV": '"{{""{label}"":""{value}""}}"',
    "HAR": '{{"name": "{label}", "value": "{value}"}}',
    "pair": '["{label}", "{value}"]',
    "bytes": "(b'{label}', b'{value}')",
    "braces": "{label}={{{value}}}",
    "brackets": "{label} [{value}]",
    "parentheses": "{label} ({value})",
    "bold": "**{label}:** {value}",
    "bold, colon outside": "**{label}**: {value}",
    "code": "{label}: `{value}`",
    "list": "- {label}: `{value}`",
    "table of Markdown": "| {label} | `{value}` |",
    "quoted mail": "> {label}: {value}",
    "tag": "<b>{label}:</b> {value}",
    "element": "<{tag}>{value}</{tag}>",
    "cells of HTML": "<tr><td>{label}</td><td class='x'>{value}</td></tr>",
    "definition": "<dt>{label}</dt>\n<dd>{value}</dd>",
    "entity": "{label}:&nbsp;{value}",
    "is": "the {label} is {value}",
    "was": "{label} was {value}, I think",
    "arrow": "{label} => {value}",
    "thin arrow": "{label} -> {value}",
    "Unicode arrow": "{label} \u2192 {value}",
    "dash": "{label} - {value}",
    "long dash": "{label} \u2013 {value}",
    "line break": "{label}:\n{value}",
    "line break, indented": "{label}:\r\n    {value}",
    "escaped line break ahead": '{{"m":"CANCELED\\n{label}: {value}"}}',
    "escaped ampersand": '{{"u":"wss://h/p?l=en\\u0026{label}={value}"}}',
    "escaped equals": '{{"u":"?{label}\\u003d{value}"}}',
    "URL": "next=%2Fv1%3F{quoted}%3D{value}%26language%3Den",
    "color": "\x1b[32m{label}: {value}\x1b[0m",
    "color between": "{label}=\x1b[1;36m{value}\x1b[0m",
    "color in JSON": '{{"log":"\\u001b[0;32m{label}: {value}\\u001b[0m\\n"}}',
    "color in a journal": "#033[32m{label}: {value}#033[0m",
    "zero width": "{label}: \u200b{value}",
    "byte order mark": "{label}:\ufeff{value}",
    "no-break space": "{label}:\u00a0{value}",
    "full-width colon": "{label}\uff1a{value}",
    "full-width equals": "{label}\uff1d{value}",
    "quoted-printable": "{label}=3D{value}",
    "CRLF": "{label}: {value}\r",
}
"""Each with ``label``, ``value`` and the label as a tag and in a URL."""


def spellings(description: Description) -> Iterator[str]:
    """Yield the labels of a description in the usual spellings."""
    for label in description.labels:
        words = label.split()
        for write in CASES.values():
            for joint in (" ",) if "with" in words else JOINTS:
                spelled = joint.join(write(words))
                if spelled not in _ONE_CASE:
                    yield spelled
            if len(words) > 2 and "with" not in words:
                yield mixed(label)


def mixed(label: str) -> str:
    """Return the label as headers are written: ``X-ConnectionId``."""
    *words, last = label.title().split()
    return "-".join(words) + last


def written(label: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield every way to write a label with its value, with a name for each."""
    for name, template in SEPARATIONS.items():
        tag = label.replace(" ", "_").replace("+", "_")
        yield (
            name,
            template.format(label=label, value=value, tag=tag, quoted=quote(label)),
        )


def wrapped(label: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield ways in which a mail breaks a value over two lines."""
    yield "wrapped", f"{label}: {value[:20]}\n{value[20:]}"
    yield "wrapped and quoted", f"> {label}: {value[:20]}\n> {value[20:]}"
    yield "soft break", f"{label}: {value[:20]}=\n{value[20:]}"


def values(description: Description) -> str:
    """Return an example of the description's shape."""
    return description.shape.example


OPEN_SHAPES = (shapes.ONE_LINE, shapes.SIP_CALL, shapes.AMZ_ID_2)
"""Shapes so wide that marks behind a value may belong to it."""
