"""Scriptix' wire: sessions, documents, results, polling, web hooks, the socket.

Facts are those of docs.scriptix.io and of the vendor's own clients; where they
disagree, every shape is read and the one of the session pages is written.
"""
