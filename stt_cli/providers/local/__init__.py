"""This machine as a speech service: offline, without an account."""
