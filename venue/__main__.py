"""`python -m venue` is the `venue` command."""

from venue.cli import main

main()
