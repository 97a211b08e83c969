"""Language tags: compared without case, ``en`` for every English, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stt_cli.core.errors import UsageError
from stt_cli.core.options import DETECT_LANGUAGE, RecognizeOptions


def with_languages(
    options: RecognizeOptions, named: Iterable[str] | None
) -> RecognizeOptions:
    """Return the options with the languages that may be spoken, if any were named.

    Args:
        named: tags, or several of them separated by commas.

    Raises:
        UsageError: ``auto`` stands among others.
    """
    tags = [tag.strip() for text in named or () for tag in text.split(",")]
    # A tag is the same in any case; the first spelling is the user's own.
    spoken = tuple({tag.lower(): tag for tag in reversed(tags) if tag}.values())[::-1]
    if not spoken:
        return options
    if len(spoken) == 1:
        return replace(options, language=spoken[0], candidates=())
    if any(tag.lower() == DETECT_LANGUAGE for tag in spoken):
        raise UsageError(
            f"-l {DETECT_LANGUAGE} cannot be used with other languages",
            hint="remove it to detect one of the others",
        )
    return replace(options, language=spoken[0], candidates=spoken)


def matches_language(wanted: str | None, offered: Iterable[str]) -> bool:
    """Whether one of the offered tags is the wanted one, or a variety of it.

    ``None`` matches anything; ``en-US`` is also met by a bare ``en``.
    """
    if wanted is None:
        return True
    return any(_meets(wanted.casefold(), tag.casefold()) for tag in offered)


def _meets(wanted: str, tag: str) -> bool:
    return tag == wanted or tag.startswith(f"{wanted}-") or wanted.startswith(f"{tag}-")
