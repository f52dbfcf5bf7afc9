"""The command `huenet`: what train.py, test.py and demo.py do, in any folder."""
