"""Tools over the journal: they read what the venue wrote, beside it or on a copy."""
