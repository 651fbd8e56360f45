"""Actions that AWS does not have: in a test that expects a denial they would never be noticed."""

from __future__ import annotations

from iamsim.errors import UsageError
from iamsim.reference.actions import action as known_action
from iamsim.reference.actions import actions_of, did_you_mean


def check_action(name: str) -> None:
    """Raises UsageError if `name` is no action, or one that AWS's service, if it is known, does not have."""
    prefix, colon, rest = name.partition(":")
    if not colon or not rest or "*" in name or "?" in name:
        raise UsageError(f"`{name}` is no action: write `service:Action`, such as `s3:GetObject`")
    if known_action(name) is None and (actions_of(prefix) or did_you_mean(name)):
        near = did_you_mean(name, limit=1)
        hint = f": did you mean `{near[0]}`?" if near else ""
        raise UsageError(f"AWS has no action `{name}`{hint}")
