"""The languages of Whisper's multilingual models, by its own codes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English", "zh": "Chinese", "de": "German", "es": "Spanish",
        "ru": "Russian", "ko": "Korean", "fr": "French", "ja": "Japanese",
        "pt": "Portuguese", "tr": "Turkish", "pl": "Polish", "ca": "Catalan",
        "nl": "Dutch", "ar": "Arabic", "sv": "Swedish", "it": "Italian",
        "id": "Indonesian", "hi": "Hindi", "fi": "Finnish", "vi": "Vietnamese",
        "he": "Hebrew", "uk": "Ukrainian", "el": "Greek", "ms": "Malay",
        "cs": "Czech", "ro": "Romanian", "da": "Danish", "hu": "Hungarian",
        "ta": "Tamil", "no": "Norwegian", "th": "Thai", "ur": "Urdu",
        "hr": "Croatian", "bg": "Bulgarian", "lt": "Lithuanian", "la": "Latin",
        "mi": "Maori", "ml": "Malayalam", "cy": "Welsh", "sk": "Slovak",
        "te": "Telugu", "fa": "Persian", "lv": "Latvian", "bn": "Bengali",
        "sr": "Serbian", "az": "Azerbaijani", "sl": "Slovenian", "kn": "Kannada",
        "et": "Estonian", "mk": "Macedonian", "br": "Breton", "eu": "Basque",
        "is": "Icelandic", "hy": "Armenian", "ne": "Nepali", "mn": "Mongolian",
        "bs": "Bosnian", "kk": "Kazakh", "sq": "Albanian", "sw": "Swahili",
        "gl": "Galician", "mr": "Marathi", "pa": "Punjabi", "si": "Sinhala",
        "km": "Khmer", "sn": "Shona", "yo": "Yoruba", "so": "Somali",
        "af": "Afrikaans", "oc": "Occitan", "ka": "Georgian", "be": "Belarusian",
        "tg": "Tajik", "sd": "Sindhi", "gu": "Gujarati", "am": "Amharic",
        "yi": "Yiddish", "lo": "Lao", "uz": "Uzbek", "fo": "Faroese",
        "ht": "Haitian Creole", "ps": "Pashto", "tk": "Turkmen",
        "nn": "Norwegian Nynorsk", "mt": "Maltese", "sa": "Sanskrit",
        "lb": "Luxembourgish", "my": "Burmese", "bo": "Tibetan", "tl": "Tagalog",
        "mg": "Malagasy", "as": "Assamese", "tt": "Tatar", "haw": "Hawaiian",
        "ln": "Lingala", "ha": "Hausa", "ba": "Bashkir", "jw": "Javanese",
        "su": "Sundanese",
    }
)  # fmt: skip
"""English names, in the order of the models' language tokens. ``large-v3`` and what
is made of it know Cantonese (``yue``) besides."""

# Tags of today whose language Whisper knows by another code.
_OTHER_CODES = {
    "nb": "no", "fil": "tl", "iw": "he", "in": "id", "ji": "yi", "jv": "jw",
    "cmn": "zh", "mo": "ro", "sh": "sr", "yue": "zh",
}  # fmt: skip


def code_of(tag: str) -> str | None:
    """Return Whisper's code for a language tag such as ``de-AT``, if it has one."""
    primary = tag.replace("_", "-").casefold().partition("-")[0]
    code = _OTHER_CODES.get(primary, primary)
    return code if code in NAMES else None
