"""Train HueNet: `python train.py --task colorization`. `--help` lists the options."""

from huenet import train as main

if __name__ == "__main__":
    main()
