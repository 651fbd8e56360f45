"""Client request tokens: a transaction that is asked for again within ten minutes is not done again.

Source: Amazon DynamoDB API Reference, TransactWriteItems, ClientRequestToken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from iamsim.kit import error

from .table import Table

IdempotentParameterMismatchException = error("IdempotentParameterMismatchException")

TOKEN_LIVES_S = 600


def was_done(tables: Iterable[Table], token: str | None, what: Any, now: float) -> bool:
    """Whether this was done under its token. Raises IdempotentParameterMismatchException if another thing was."""
    if token is None:
        return False
    for table in tables:
        table.forget_transactions(now)
        if token in table.transactions:
            if table.transactions[token][1] != what:
                raise IdempotentParameterMismatchException(
                    "Client request token is being reused with different parameters"
                )
            return True
    return False


def remember(tables: Iterable[Table], token: str | None, what: Any, now: float) -> None:
    """That this was done under its token."""
    for table in tables if token is not None else ():
        table.transactions[str(token)] = (now + TOKEN_LIVES_S, what)
