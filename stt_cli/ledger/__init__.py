"""What was sent, when and with which IDs."""
