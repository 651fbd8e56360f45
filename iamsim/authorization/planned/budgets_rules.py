"""AWS Budgets: the name of a new budget stands inside the budget. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check


def create_budget(asked: Asked) -> Iterator[Check]:
    """The budget to be, or to be changed."""
    budget = asked.get("Budget") or asked.get("NewBudget") or {}
    name = budget.get("BudgetName", "*")
    yield Check("budgets:ModifyBudget", asked.arn(f"budget/{name}", region="", account=asked.get("AccountId")))


update_budget = create_budget
