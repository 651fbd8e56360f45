"""Amazon SES, version 1: its condition keys are those of version 2."""

from iamsim.authorization.planned.sesv2_rules import keys

__all__ = ["keys"]
