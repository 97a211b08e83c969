"""Finding support IDs in logs, JSON and URLs."""
