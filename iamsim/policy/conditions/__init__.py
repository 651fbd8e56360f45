"""The Condition element: operators, what they compare, and the logic of a block."""

from iamsim.policy.conditions.block import Condition, compile_block
from iamsim.policy.conditions.operators import BASES, NULL, Operator, Quantifier, operator

__all__ = ["BASES", "NULL", "Condition", "Operator", "Quantifier", "compile_block", "operator"]
