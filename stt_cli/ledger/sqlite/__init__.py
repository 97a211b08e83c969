"""The ledger in one's own SQLite file."""
