"""What follows each final phrase: its intent, and a command that gets it."""
