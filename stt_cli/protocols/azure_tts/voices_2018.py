"""The voices of the 2018 document, as its table has them.

Three names carry a trailing blank there, stripped here; LuciaRUS and EkaterinaRUS
stand under ja-JP as in the table.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from stt_cli.core.catalog import Voice
from stt_cli.core.errors import NotFoundError, UsageError

# A locale, then names, each with F or M.
_TABLE = """
ar-EG Hoda F
ar-SA Naayf M
bg-BG Ivan M
ca-ES HerenaRUS F
cs-CZ Jakub M
da-DK HelleRUS F
de-AT Michael M
de-CH Karsten M
de-DE Hedda F | HeddaRUS F | Stefan, Apollo M
el-GR Stefanos M
en-AU Catherine F | HayleyRUS F
en-CA Linda F | HeatherRUS F
en-GB Susan, Apollo F | HazelRUS F | George, Apollo M
en-IE Sean M
en-IN Heera, Apollo F | PriyaRUS F | Ravi, Apollo M
en-US ZiraRUS F | JessaRUS F | BenjaminRUS M
es-ES Laura, Apollo F | HelenaRUS F | Pablo, Apollo M
es-MX HildaRUS F | Raul, Apollo M
fi-FI HeidiRUS F
fr-CA Caroline F | HarmonieRUS F
fr-CH Guillaume M
fr-FR Julie, Apollo F | HortenseRUS F | Paul, Apollo M
he-IL Asaf M
hi-IN Kalpana, Apollo F | Kalpana F | Hemant M
hr-HR Matej M
hu-HU Szabolcs M
id-ID Andika M
it-IT Cosimo, Apollo M
ja-JP Ayumi, Apollo F | Ichiro, Apollo M | HarukaRUS F | LuciaRUS F | EkaterinaRUS M
ko-KR HeamiRUS F
ms-MY Rizwan M
nb-NO HuldaRUS F
nl-NL HannaRUS F
pl-PL PaulinaRUS F
pt-BR HeloisaRUS F | Daniel, Apollo M
pt-PT HeliaRUS F
ro-RO Andrei M
ru-RU Irina, Apollo F | Pavel, Apollo M
sk-SK Filip M
sl-SI Lado M
sv-SE HedvigRUS F
ta-IN Valluvar M
th-TH Pattara M
tr-TR SedaRUS F
vi-VN An M
zh-CN HuihuiRUS F | Yaoyao, Apollo F | Kangkang, Apollo M
zh-HK Tracy, Apollo F | TracyRUS F | Danny, Apollo M
zh-TW Yating, Apollo F | HanHanRUS F | Zhiwei, Apollo M
"""
# Retired after 31 March 2018, with their successors.
_RENAMED = {("cs-CZ", "Vit"): "Jakub", ("en-IE", "Shaun"): "Sean"}
_GENDERS = {"F": "female", "M": "male"}
_FULL = "Microsoft Server Speech Text to Speech Voice ({locale}, {name})"
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@cache
def bing_voices() -> tuple[Voice, ...]:
    """Return all voices in the table's order; ``id`` is what SSML calls them."""
    found = []
    for row in _TABLE.strip().splitlines():
        locale, _, names = row.partition(" ")
        for entry in names.split(" | "):
            name, _, gender = entry.rpartition(" ")
            found.append(_voice(locale, name, _GENDERS[gender]))
    return tuple(found)


def find_bing_voice(
    wanted: str | None, language: str | None, gender: str | None
) -> tuple[Voice, str | None]:
    """Return a voice, and the old name it succeeds if that one was asked for.

    Args:
        wanted: the full name, ``en-US, JessaRUS``, ``en-US-JessaRUS`` or a bare
            name; blanks and case do not matter.

    Raises:
        NotFoundError: there is no such voice; near ones are named.
        UsageError: no voice speaks that language, or not in that gender.
    """
    if wanted:
        return _named(wanted)
    tag = (language or "en-US").strip().replace("_", "-").lower()
    speaking = [v for v in bing_voices() if v.language.lower() == tag] or [
        v for v in bing_voices() if v.language.lower().startswith(f"{tag}-")
    ]
    if not speaking:
        locales = list(dict.fromkeys(v.language for v in bing_voices()))
        near = get_close_matches(tag, [one.lower() for one in locales], n=3)
        known = [one for one in locales if one.lower() in near]
        raise UsageError(
            f"Bing Speech has no voice for {language}",
            hint=f"did you mean {' or '.join(known)}?"
            if known
            else "`stt voices` lists them",
        )
    fitting = [v for v in speaking if gender in (None, v.gender)]
    if not fitting:
        raise UsageError(
            f"Bing Speech has no {gender} voice for {language or 'en-US'}",
            hint=f"choose from {', '.join(v.name or v.id for v in speaking)}",
        )
    return fitting[0], None


def _named(wanted: str) -> tuple[Voice, str | None]:
    key = _key(wanted)
    for (locale, old), successor in _RENAMED.items():
        if key in _keys(locale, old):
            return _by_key(_key(f"{locale} {successor}")), old
    for voice in bing_voices():
        if key in _keys(voice.language, voice.name or ""):
            return voice, None
    names = [voice.name or "" for voice in bing_voices()]
    near = get_close_matches(wanted.strip(), names, n=3)
    raise NotFoundError(
        f"Bing Speech has no voice named {wanted!r}",
        hint=f"did you mean {' or '.join(near)}?"
        if near
        else ("`stt voices -p bing` lists them"),
    )


def _by_key(key: str) -> Voice:
    return next(v for v in bing_voices() if _key(f"{v.language} {v.name}") == key)


def _keys(locale: str, name: str) -> set[str]:
    return {
        _key(_FULL.format(locale=locale, name=name)),
        _key(f"{locale} {name}"),
        _key(name),
    }


def _key(name: str) -> str:
    return _NOT_LETTERS.sub("", name.lower())


def _voice(locale: str, name: str, gender: str) -> Voice:
    return Voice(
        id=_FULL.format(locale=locale, name=name),
        language=locale,
        name=name,
        gender=gender,
    )
