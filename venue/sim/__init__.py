"""Sessions that are played rather than traded. All of them are FIX clients of the venue."""
