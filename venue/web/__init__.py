"""REST, WebSocket and a page for people and programs that speak HTTP: a FIX client of the venue."""
