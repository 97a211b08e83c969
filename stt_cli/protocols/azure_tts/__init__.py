"""Synthesis over REST: the 2018 document's ``/synthesize`` and today's service."""
