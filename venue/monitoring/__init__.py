"""What an operator sees of a running venue: counts, metrics, status and health."""
