"""One package a speech service, behind the interface in base.py."""
