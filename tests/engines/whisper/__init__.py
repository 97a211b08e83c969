"""Whisper through CTranslate2: features, tokens, windows, gates, real decoding."""
