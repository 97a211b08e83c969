"""Microsoft's speech services over HTTP: requests and answers, without a socket.

Short audio (Bing's and Azure's), tokens, batch and fast transcription, web hooks.
Sources: "Microsoft Speech Service REST API" (2018), the speechtotext API
descriptions v3.1, v3.2 and 2024-11-15, and Azure's articles on them.
"""
