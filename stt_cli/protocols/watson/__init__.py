"""The wire of IBM Watson Speech to Text and Text to Speech, both eras of it.

The 2018 HTTP interface has sessions, cookies and long polling; today's service
has REST, WebSocket and asynchronous jobs. Client and emulator share these codecs.
"""
