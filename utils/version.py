"""The version of HueNet, in one place."""

VERSION = "2.0.0"
