"""Runs conformance scripts, FIX messages sent and expected line by line, against any venue.

It speaks plain TCP and FIX of its own, and knows nothing of how this venue is built: a second pair
of eyes. `fixspec/RULES.md`, section Scenarios, describes the scripts.
"""
