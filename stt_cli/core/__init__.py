"""Plain data that every part of the house speaks."""
