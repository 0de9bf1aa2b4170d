"""Market data: from what changed in the books to what each subscriber is sent. Pure."""
