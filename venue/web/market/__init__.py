"""The market as the web shows it: books, tapes, candles, statistics and instruments, on demand."""
