"""Outside pytest: why a call was denied, as a note of the exception that boto3 raises.

So unittest, a thread that dies and a plain traceback show it (Python 3.11 and newer). Under pytest the report has it,
and exceptions stay as they are.
"""

from __future__ import annotations

import sys
from typing import Any

from botocore.exceptions import ClientError

from iamsim.intercept.patches import Patches
from iamsim.simulator import Simulator


def note_denials(simulator: Simulator, patches: Patches) -> None:
    """Add the explanation to every refusal of `simulator`'s, until `patches` are undone."""
    if sys.version_info < (3, 11) or "iamsim.testing.report" in sys.modules:
        return
    from iamsim.testing.denials import ADVICE, CODES, denial_behind, tells_of_nobody
    from iamsim.tools.expectation import explained

    original = ClientError.__init__

    def init(error: ClientError, error_response: Any, operation_name: str) -> None:
        original(error, error_response, operation_name)
        if tells_of_nobody(error_response):
            error.add_note(f"iamsim: {ADVICE}")
        if error_response.get("Error", {}).get("Code") in CODES:
            decision = denial_behind(error, simulator.decisions)
            if decision is not None:
                error.add_note(f"iamsim: why it was denied\n{explained(decision.evaluation)}")

    patches.set(ClientError, "__init__", init)
