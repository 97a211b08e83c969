"""IBM Watson Speech to Text and Text to Speech, behind the provider interface."""
