"""KMS grants: permissions on one key for one grantee, outside every policy (R-102, R-103)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iamsim.policy.principal import PrincipalKind
from iamsim.policy.principal_element import PrincipalElement, Reach

if TYPE_CHECKING:
    from iamsim.policy.request import Request

ENCRYPTION_CONTEXT = "kms:encryptioncontext:"


@dataclass(frozen=True, slots=True)
class KmsGrant:
    """A grant on the key that is asked about.

    `grantee` is an ARN or a service principal; `operations` are spelled as in CreateGrant. The encryption context that
    the constraints look at is that of the condition keys `kms:EncryptionContext:NAME`, spelled as sent.
    """

    grant_id: str
    grantee: str
    operations: frozenset[str]
    retiring_principal: str | None = None
    context_equals: Mapping[str, str] | None = None
    context_subset: Mapping[str, str] | None = None
    source_arn: str | None = None  # the resource on whose behalf a service must act

    def reach(self, request: Request) -> Reach:
        """What this grant does for the request. One to an account only lets the account's policies decide."""
        service, _, name = request.access.action.partition(":")
        if service.lower() != "kms":
            return Reach.NONE
        if request.action == "kms:retiregrant" and self.retiring_principal and _is(self.retiring_principal, request):
            return Reach.BY_KMS_GRANT
        if not any(name.lower() == operation.lower() for operation in self.operations):
            return Reach.NONE
        found = _is(self.grantee, request)
        if not found or not self._fits_context(request) or not self._fits_source(request):
            return Reach.NONE
        is_delegation = found is Reach.DELEGATES and request.principal.kind is not PrincipalKind.ROOT
        return Reach.DELEGATES if is_delegation else Reach.BY_KMS_GRANT

    def _fits_context(self, request: Request) -> bool:
        sent = {
            key[len(ENCRYPTION_CONTEXT) :]: value
            for key, value in request.access.context.items()
            if key.lower().startswith(ENCRYPTION_CONTEXT)
        }
        if self.context_equals is not None and sent != dict(self.context_equals):
            return False
        return self.context_subset is None or all(sent.get(key) == value for key, value in self.context_subset.items())

    def _fits_source(self, request: Request) -> bool:
        source = request.principal.source_arn or request.context().get("aws:sourcearn")
        return self.source_arn is None or self.source_arn == source


def _is(name: str, request: Request) -> Reach:
    return PrincipalElement.of({"AWS" if name.startswith("arn:") else "Service": name}).reach(request.caller)
