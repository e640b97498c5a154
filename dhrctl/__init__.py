"""A register of the recommendations of domestic homicide reviews, kept as plain text in git."""

__version__ = "0.1.0"
