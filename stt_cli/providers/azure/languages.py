"""Which languages Bing Speech recognizes in which mode (2018 document's tables).

Today's Azure publishes its list over REST; only the form of a tag is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.protocols.azure_rest.languages_2018 import BING_LANGUAGES, LANGUAGE_NAMES

if TYPE_CHECKING:
    from stt_cli.core.catalog import Language

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def default_mode(language: str) -> str:
    """Return conversation, or dictation where Bing lacks it for the language."""
    spoken = {tag.lower() for tag in BING_LANGUAGES["conversation"]}
    return "conversation" if language.lower() in spoken else "dictation"


def bing_language(tag: str, mode: str) -> str:
    """Return the tag as the document spells it.

    Raises:
        UsageError: the mode does not know the language; a near one is named.
    """
    known = {language.lower(): language for language in BING_LANGUAGES[mode]}
    if tag.lower() in known:
        return known[tag.lower()]
    elsewhere = [
        other
        for other, tags in BING_LANGUAGES.items()
        if tag.lower() in {language.lower() for language in tags}
    ]
    if elsewhere:
        hint = f"use --mode {elsewhere[0]}"
    else:
        near = _near(tag, known)
        hint = f"did you mean {near}? " if near else ""
        hint += "`stt languages -p bing` lists languages by mode"
    raise UsageError(f"Bing Speech does not recognize {tag} in {mode} mode", hint=hint)


def azure_language(tag: str) -> str:
    """Return the tag if it has the form of one. Raises ``UsageError``."""
    if _TAG.fullmatch(tag):
        return tag
    raise UsageError(
        f"{tag!r} is not a language tag",
        hint="use a tag such as en-US; `stt languages -p azure` lists them",
    )


def bing_languages() -> Iterator[Language]:
    """Yield every language with the modes that know it."""
    from stt_cli.core.catalog import Language

    for tag in BING_LANGUAGES["interactive"]:
        modes = tuple(mode for mode, tags in BING_LANGUAGES.items() if tag in tags)
        yield Language(tag, modes, LANGUAGE_NAMES[tag])


def _near(tag: str, known: dict[str, str]) -> str | None:
    found = get_close_matches(tag.lower().replace("_", "-"), known, n=1)
    if not found:
        same = (t for t in known if t.partition("-")[0] == tag.lower()[:2])
        found = [next(same, "")]
    return known.get(found[0])
