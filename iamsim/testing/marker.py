"""What the marker `iamsim`, the command line and the ini file say about one test."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

import pytest

from iamsim.enforcement import Enforcement

NAMES = ("enforce", "account", "region", "soft", "block_aws")
WORDS = {"true": True, "false": False, "": None}  # of ini files


@dataclass(frozen=True)
class Options:
    """How a test wants to be run. `enforcement` None: as switches and environment say."""

    enforcement: Enforcement | None
    soft: bool
    account: str | None
    region: str | None  # None: the environment's
    block_aws: bool


def options_of(config: pytest.Config, item: Any = None) -> Options:
    """The options of a test; without `item` those of the whole run. Fails the test for what cannot be meant.

    A nearer marker says more than one further out: what neither says, command line and ini file say.
    """
    said: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("iamsim"))) if item is not None else ():
        said.update(_checked(marker))
    enforce = said.get("enforce")
    if enforce is None:
        written = str(config.getini("iamsim_enforce")).lower()
        enforce = int(written) if written.isdecimal() else WORDS.get(written, written)
    soft = said.get("soft")
    if soft is None:
        soft = config.getoption("iamsim_soft") or config.getini("iamsim_soft")
    return Options(
        enforcement=_enforcement(enforce),
        soft=bool(soft) or enforce == "soft",
        account=_account(said.get("account") or config.getini("iamsim_account") or None),
        region=said.get("region"),
        block_aws=said.get("block_aws", True),
    )


def _checked(marker: Any) -> dict[str, Any]:
    if marker.args:
        _fail(f"the marker `iamsim` takes options by name, such as `enforce={marker.args[0]!r}`")
    for name in marker.kwargs:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=1)
            hint = f": did you mean `{near[0]}`?" if near else ""
            _fail(f"the marker `iamsim` takes {', '.join(NAMES)}, not `{name}`{hint}")
    for name in ("soft", "block_aws"):
        if not isinstance(marker.kwargs.get(name, True), bool):
            _fail(f"the marker `iamsim` has `{name}={marker.kwargs[name]!r}`: give True or False")
    return dict(marker.kwargs)


def _enforcement(enforce: object) -> Enforcement | None:
    if enforce is None:
        return None
    if enforce is False:
        return Enforcement(None)
    if enforce is True or enforce == "soft":
        return Enforcement(0)
    if isinstance(enforce, int) and enforce >= 0:
        return Enforcement(enforce)
    _fail(f"iamsim's `enforce` is `{enforce!r}`: give True, False, 'soft', or a number of calls")


def _account(account: object) -> str | None:
    if account is None or (isinstance(account, str) and account.isdecimal() and len(account) == 12):
        return account
    _fail(f"iamsim's `account` is `{account!r}`: give a text of 12 digits")


def _fail(text: str) -> NoReturn:
    pytest.fail(text, pytrace=False)
