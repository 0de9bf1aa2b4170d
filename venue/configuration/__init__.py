"""What the sections of a configuration may say, and the rules their values obey."""
