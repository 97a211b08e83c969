"""Sans-I/O codecs and state machines: no socket, clock, file or await."""
