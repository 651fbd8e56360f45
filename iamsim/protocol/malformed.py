"""What a reader says of input that cannot be read. `parse` turns it into the error of the request's protocol."""

from __future__ import annotations


class Malformed(ValueError):
    """The request's bytes do not say what the operation's input shape asks for."""
