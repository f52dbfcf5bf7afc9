"""The packages of the wheel: every folder of code goes into the package huenet. The rest is in pyproject.toml."""

from setuptools import find_packages, setup

FOLDERS = find_packages(exclude=["huenet", "benchmarks", "benchmarks.*"])

setup(
    packages=["huenet", *(f"huenet.{folder}" for folder in FOLDERS)],
    package_dir={f"huenet.{folder}": folder for folder in FOLDERS if "." not in folder},
)
