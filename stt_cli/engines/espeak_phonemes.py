"""Sounds of the International Phonetic Alphabet in eSpeak NG's own letters.

eSpeak NG writes IPA and does not read it. Which of its mnemonics stand for which
sound differs by language, so the library is asked: each mnemonic is spelled in IPA
by the voice that is to speak it, and the answers are read backwards.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from stt_cli.core.errors import UsageError

Spell = Callable[[str], str]
"""Returns the IPA of a text in eSpeak NG's mnemonics, as a voice says it."""

# Mnemonics of eSpeak NG's phoneme tables (docs/phonemes.md). Of several that sound
# alike the first is taken.
_CONSONANTS = """
    p b t d k g f v s z S Z T D m n N l r R h j w x C Q ? * tS dZ ts dz X n^ l^ J B L c
    q S; z; s. z. t. d. n. l. pF
"""
_VOWELS = """
    a e i o u y Y W E I O U V A 0 @ 3 i: u: A: O: E: e: o: a: y: Y: W: 3: aI eI OI oU aU
    i@ e@ U@ A@ O@ aI@ aU@ a# I# E~ A~ O~ W~ ai ei oi au ou eu EI Oy OY AU y/
"""
# What comes nearest where a voice lacks a sound, best first.
_NEAREST = {
    "ɹ": "rɾʁ", "ɻ": "rɾ", "ʁ": "rɾ", "r": "ɾʁɹ", "ɾ": "rt", "g": "ɡ", "ɑ": "ɒa",
    "ɒ": "ɑɔ", "æ": "aɛ", "a": "æɑ", "ʌ": "ɐaə", "ɐ": "əʌa", "ɜ": "əɛ", "ɚ": "ɜə",
    "ɝ": "ɜɚə", "ɘ": "ə", "ɵ": "øə", "ɪ": "iᵻ", "ᵻ": "ɪi", "ɨ": "ɪi", "i": "ɪ",
    "ʊ": "u", "u": "ʊ", "e": "ɛ", "ɛ": "e", "o": "ɔ", "ɔ": "ɒo", "y": "ʏi",
    "ʏ": "yɪ", "ø": "œe", "œ": "øɛ", "ʉ": "u", "ɯ": "u", "ɤ": "o", "ɫ": "l",
    "ʎ": "lj", "ɲ": "n", "ŋ": "n", "ç": "ʃh", "x": "hk", "χ": "xh", "ɣ": "ɡ",
    "β": "bv", "θ": "ts", "ð": "dz", "ʃ": "s", "ʒ": "z", "ʔ": "t", "ɕ": "ʃ",
    "ʑ": "ʒ", "ʂ": "ʃ", "ʐ": "ʒ", "ʈ": "t", "ɖ": "d", "ɳ": "n", "ɭ": "l", "q": "k",
    "ɟ": "ɡ", "c": "k", "ʋ": "v", "w": "ʊu", "j": "i", "h": "x", "v": "f",
}  # fmt: skip
_STRESS = {"ˈ": "'", "'": "'", "ˌ": ","}
_SILENT = frozenset(".‿ |‖ˑ͜͡-()/[]ʰʲʷˠˤ̩ˀ")
_LONG = "ː"
_LONGEST = 4


def sounds_of(spell: Spell) -> dict[str, str]:
    """Return a voice's mnemonic for every sound that it has one for.

    A consonant is asked for before a vowel and a vowel before a consonant: some
    languages change them at the end of a word.
    """
    known: dict[str, str] = {}
    for letters, behind, tail in ((_CONSONANTS, "@", "ə"), (_VOWELS, "t", "t")):
        for mnemonic in letters.split():
            spelled = unicodedata.normalize("NFD", spell(mnemonic + behind))
            for mark in _STRESS:
                spelled = spelled.replace(mark, "")
            sound = spelled.rstrip("ʰ").removesuffix(tail)
            if sound and sound != spelled.rstrip("ʰ"):
                known.setdefault(sound, mnemonic)
    return known


def mnemonics(ipa: str, known: Mapping[str, str]) -> str:
    """Return a pronunciation in a voice's mnemonics.

    Args:
        known: what ``sounds_of`` found.

    Raises:
        UsageError: there is no sound like one of these.
    """
    vowels = _VOWELS.split()
    out: list[str] = []
    stress = ""
    text = unicodedata.normalize("NFD", ipa.replace("g", "ɡ").replace(":", _LONG))
    at = 0
    while at < len(text):
        if text[at] in _STRESS:
            stress, at = _STRESS[text[at]], at + 1
            continue
        length, sound = _longest(text[at:], known)
        if not length:
            if not (text[at] in _SILENT or text[at] == _LONG or _is_mark(text[at])):
                raise UsageError(
                    f"eSpeak NG has no sound for {text[at]!r} in {ipa!r}",
                    hint="use sounds of the voice's language, or eSpeak NG "
                    "phonemes: --phoneme WORD=espeak:…",
                )
            at += 1
            continue
        # IPA marks the syllable, eSpeak NG its vowel.
        if stress and sound in vowels:
            out.append(stress)
            stress = ""
        out.append(sound)
        at += length
    return "".join(out)


def _longest(text: str, known: Mapping[str, str]) -> tuple[int, str]:
    """Return how much of a text is the longest sound known, and its mnemonic."""
    for length in range(min(_LONGEST, len(text)), 0, -1):
        if text[:length] in known:
            return length, known[text[:length]]
    for near in _NEAREST.get(text[0], ""):
        for sound in (near, near + _LONG):
            if sound in known:
                return 1, known[sound]
    return 0, ""


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0
