"""stt: one command over many speech services."""
