"""Whisper through CTranslate2: windows of speech in, phrases with words out."""
