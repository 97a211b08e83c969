"""The embedded engines: pocketsphinx recognises, eSpeak NG speaks."""
