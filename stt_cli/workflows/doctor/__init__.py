"""Examining an installation: what works here, what does not, and what to do."""
