"""The embedded engines: pocketsphinx recognizes, eSpeak NG speaks."""
