"""Positions, trades and live orders, for whoever asks for those of a firm."""
