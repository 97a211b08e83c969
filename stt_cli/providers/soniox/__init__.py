"""Soniox: the client."""
