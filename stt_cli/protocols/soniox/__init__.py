"""Soniox's wire: REST objects, tokens, the real-time socket, errors, web hooks.

Facts are those of Soniox's API reference (soniox.com/docs); where its versions
disagree, both are read.
"""
