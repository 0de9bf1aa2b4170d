"""FIX text to commands, events to FIX text: pure, without quickfix, sockets or a clock."""
