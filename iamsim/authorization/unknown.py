"""The refusal of an operation of which nobody says what allows it: nothing is ever granted by a guess."""

from __future__ import annotations

from iamsim.authorization.denied import code_and_status
from iamsim.errors import ApiError
from iamsim.reference.default_access import OperationAccess
from iamsim.request import Operation


class UnknownAction(ApiError):
    """A call of an operation whose IAM action is not known. `access` has the reason, and the likeliest name."""

    def __init__(self, operation: Operation, access: OperationAccess) -> None:
        service, name = operation.service, operation.name
        code, status = code_and_status(operation)
        super().__init__(
            f"iamsim does not know which IAM action allows {service}:{name}: {access.reason}. While IAM is enforced, "
            f"it is denied. Say it before the call: iamsim.declare_action({service!r}, {name!r}, {access.assumed!r})",
            code=code,
            status=status,
        )
        self.access = access
