"""One file a sub-command: options in, one workflow called, the result shown."""
