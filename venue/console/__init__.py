"""A trader's console: a FIX client for people."""
