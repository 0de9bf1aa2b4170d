"""The proof that nothing acknowledged is lost: a venue that is killed again and again, and a fleet
of clients that remember everything.
"""
