"""Amazon Lex: the resources are those of its version. Source: SAR of Lex."""

from iamsim.authorization.planned.lexv2_models_rules import refine

__all__ = ["refine"]
