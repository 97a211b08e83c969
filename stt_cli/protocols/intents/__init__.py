"""What a phrase asks for: patterns on this machine, and the answers of services."""
