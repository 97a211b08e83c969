"""What a terminal shows: captions, tables, progress and errors."""
