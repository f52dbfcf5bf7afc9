"""Test a trained run, or translate images: `python test.py --run runs/colorization-sample`; `--help` lists all."""

from huenet import test as main

if __name__ == "__main__":
    main()
