"""The ledger in a PostgreSQL database that a team shares."""
