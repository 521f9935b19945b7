"""`python -m ui` is the command `citedesk`."""

from .cli import main

main()
