"""The pure matching core: commands in, events out, no clock, no randomness, no I/O."""
