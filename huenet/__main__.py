"""Run the command as `python -m huenet`, in the repository without installation."""

from huenet.command import main

main()
