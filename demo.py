"""Try HueNet in a browser: `python demo.py`, or `python demo.py --run runs/colorization-sample`."""

from huenet import demo as main

if __name__ == "__main__":
    main()
