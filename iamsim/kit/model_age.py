"""Whether the installed botocore is as new as the models that the mocks were written from.

An older one, which for instance aiobotocore asks for, lacks names that the mocks have: what it lacks nobody calls.
"""

from __future__ import annotations

import botocore

from iamsim.errors import UsageError

WRITTEN_FROM = (1, 44)


def is_older(version: str = botocore.__version__) -> bool:
    """Whether botocore's `version` is older than the mocks."""
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < WRITTEN_FROM


def unknown_name(message: str) -> None:
    """Raises UsageError with `message` for a name that botocore's model does not have, unless the model is too old."""
    if not is_older():
        raise UsageError(message)
