"""The command `python -m datasets.download`."""

from datasets.download import main

main()
