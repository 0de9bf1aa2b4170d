"""Orders, fills and positions of the web's users, as the venue tells them."""
