"""The sockets: QuickFIX, the loop around it, and what a turn of the loop does."""
