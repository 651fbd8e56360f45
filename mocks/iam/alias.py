"""The account's alias. Source: IAM API reference."""

from __future__ import annotations

from iamsim.kit import Call, Reply, operation

from .account import Account, account_of
from .failures import EntityAlreadyExists, NoSuchEntity

PAGE_SIZE = 100


@operation
def create_account_alias(call: Call, *, account_alias: str) -> None:
    """A new alias takes the place of the old one. Raises EntityAlreadyExists if another account has it."""
    account = account_of(call)
    taken = any(each.alias == account_alias for each in call.cloud.resources.everywhere(Account))
    if taken:
        raise EntityAlreadyExists(f"The account alias {account_alias} already exists.")
    account.alias = account_alias


@operation
def delete_account_alias(call: Call, *, account_alias: str) -> None:
    account = account_of(call)
    if account.alias != account_alias:
        raise NoSuchEntity(f"The account alias {account_alias} cannot be found.")
    account.alias = None


@operation
def list_account_aliases(call: Call) -> Reply:
    alias = account_of(call).alias
    return call.page([alias] if alias else [], limit=PAGE_SIZE)
