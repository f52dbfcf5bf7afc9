"""The version of HueNet."""

VERSION = "2.0.0"
