"""Scriptix: the client."""
