"""The network, once: one dialer, one HTTP client and one WebSocket for everybody.

The floor under ``audio`` (recordings behind an address) and ``providers``.
"""
