"""Who may use the web: users, their logins and tokens, and how much they may ask."""
