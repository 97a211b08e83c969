"""Transcript writers: text, json, jsonl, srt, vtt, tsv."""
