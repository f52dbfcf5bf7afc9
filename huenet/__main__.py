"""`python -m huenet`: the command without its installation, in the repository."""

from huenet.command import main

main()
