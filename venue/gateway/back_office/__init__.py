"""Positions and trades, for whoever asks for those of a firm."""
