"""Test a run or translate images: `python test.py --run runs/colorization-sample`. `--help` lists the options."""

from huenet import test as main

if __name__ == "__main__":
    main()
