"""AWS Glue: what is in the Data Catalog needs the catalog, the database and the table, each by itself.

Source: SAR of Glue; AWS Glue Developer Guide, Specifying AWS Glue resource ARNs; schema-registry-gs (a schema's ARN
has its registry's name in it, which SAR leaves out).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import ACCOUNT

DEFAULT_REGISTRY = "default-registry"
ORDER = (
    ":catalog",
    ":database/",
    ":table/",
    ":userDefinedFunction/",
    ":registry/",
    ":schema/",
)  # a denial names the catalog first


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The catalog first; a catalog id that is an account's number is that account's own catalog."""
    kept = [check for check in checks if not ACCOUNT.fullmatch(check.resource.rpartition(":catalog/")[2])]
    for check in kept:
        before, _, name = check.resource.partition(":catalog/")
        if ":" in name:  # `111122223333:s3tablescatalog/b`
            owner, _, name = name.partition(":")
            check.resource = f"{before.rpartition(':')[0]}:{owner}:catalog/{name}"
    _add_registries(asked, kept)
    return sorted(kept, key=_place)


def create_table(asked: Asked) -> Iterator[Check]:
    """The table to be."""
    given = asked.get("TableInput") or asked.get("OpenTableFormatInput") or {}
    yield from _in_the_catalog(asked, f"table/{{}}/{asked.get('Name') or given.get('Name') or '*'}")


update_table = create_table


def batch_delete_table(asked: Asked) -> Iterator[Check]:
    """Each table."""
    yield from _in_the_catalog(asked, *(f"table/{{}}/{name}" for name in asked.get("TablesToDelete") or ("*",)))


def create_user_defined_function(asked: Asked) -> Iterator[Check]:
    """The function to be."""
    name = (asked.get("FunctionInput") or {}).get("FunctionName", "*")
    yield from _in_the_catalog(asked, f"userDefinedFunction/{{}}/{name}")


def delete_database(asked: Asked) -> Iterator[Check]:
    """The database with all that is in it."""
    yield from _in_the_catalog(asked, "table/{}/*", "userDefinedFunction/{}/*")


def _in_the_catalog(asked: Asked, *inner: str) -> Iterator[Check]:
    """The catalog, the database, and what is in it; `{}` stands for the database's name."""
    database = asked.get("DatabaseName") or asked.get("Name") or "*"
    catalog = str(asked.get("CatalogId") or "")
    owner, _, nested = catalog.partition(":")
    account = owner if ACCOUNT.fullmatch(owner) else None
    where = {"account": account} if account else {}
    names = ["catalog", f"catalog/{nested or catalog}"] if catalog and (nested or not account) else ["catalog"]
    for name in [*names, f"database/{database}", *(each.format(database) for each in inner)]:
        yield asked.check(asked.arn(name, **where))


def _add_registries(asked: Asked, checks: list[Check]) -> None:
    """The registry in each schema's ARN, and the registry by itself."""
    of_registries = [check.resource for check in checks if ":registry/" in check.resource]
    for check in [each for each in checks if ":schema/" in each.resource]:
        before, _, name = check.resource.partition(":schema/")
        if "/" not in name:
            registry = of_registries[0].rpartition("/")[2] if of_registries else DEFAULT_REGISTRY
            check.resource = f"{before}:schema/{registry}/{name}"
        if not of_registries and "Schema" in asked.operation:
            checks.append(replace(check, resource=f"{before}:registry/{check.resource.split('/')[1]}"))


def _place(check: Check) -> int:
    return next((number for number, kind in enumerate(ORDER) if kind in check.resource), len(ORDER))
