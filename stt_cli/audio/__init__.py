"""Where recordings come from, how they are converted, played and cut."""
