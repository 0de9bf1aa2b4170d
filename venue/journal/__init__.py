"""The one durable thing: every command that was carried out, in batches, in order."""
