"""Where a setting comes from: environment, keyring, config file."""
