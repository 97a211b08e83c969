"""The tables, as a list of steps that each ledger goes through once, in order.

A step is never changed after a release; what comes later is a new step.
"""

from __future__ import annotations

OPERATIONS_AND_IDENTIFIERS = """
CREATE TABLE operations (
    key TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    provider TEXT NOT NULL,
    input TEXT,
    started TEXT NOT NULL,
    ended TEXT,
    status TEXT NOT NULL,
    http_status INTEGER,
    error_code TEXT,
    error TEXT,
    versions TEXT NOT NULL
);
CREATE INDEX operations_by_time ON operations (started);
CREATE INDEX operations_open ON operations (started) WHERE ended IS NULL;
CREATE TABLE identifiers (
    operation TEXT NOT NULL REFERENCES operations (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    folded TEXT NOT NULL,
    learned_at TEXT NOT NULL,
    PRIMARY KEY (operation, kind, value)
);
CREATE INDEX identifiers_by_value ON identifiers (folded);
CREATE TABLE facts (
    operation TEXT NOT NULL REFERENCES operations (key),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (operation, name)
);
"""

SUBMISSIONS = """
CREATE TABLE submissions (
    operation TEXT PRIMARY KEY REFERENCES operations (key),
    batch TEXT NOT NULL,
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    options TEXT NOT NULL,
    size INTEGER,
    modified INTEGER,
    fingerprint TEXT,
    owner TEXT
);
CREATE INDEX submissions_by_fingerprint ON submissions (fingerprint)
    WHERE fingerprint IS NOT NULL;
"""

MIGRATIONS: tuple[str, ...] = (OPERATIONS_AND_IDENTIFIERS, SUBMISSIONS)
"""Step ``n`` leads from version ``n`` to ``n + 1``."""
