"""`DryRun`, which every operation of EC2 has: a call that is allowed ends before it changes anything (A-24)."""

from __future__ import annotations

from iamsim.kit import Call, before_every_operation

from .failures import DryRunOperation


@before_every_operation
def end_dry_run(call: Call) -> None:
    """Raises DryRunOperation for a call that only asks whether it would be allowed."""
    if call.params.get("DryRun"):
        raise DryRunOperation("Request would have succeeded, but DryRun flag is set.")
