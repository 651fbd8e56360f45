"""The warning of soft mode, apart so that warning filters can name it without loading the rest."""

from __future__ import annotations


class WouldBeDenied(UserWarning):
    """A call ran in soft mode that would have been denied if IAM were enforced."""
