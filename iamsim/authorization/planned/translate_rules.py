"""Amazon Translate: texts are translated with terminologies, or without any. Source: SAR of Translate."""

from iamsim.authorization.planned.polly_rules import refine

__all__ = ["refine"]
