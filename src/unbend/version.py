"""The version of the package, in one place: shown, written into files, and read by the build."""

__version__ = "0.1.0"
