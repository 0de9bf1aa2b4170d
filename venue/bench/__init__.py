"""How fast the venue is, beside what QuickFIX alone could do on this machine in the same run."""
