"""Resource policies of tables, which hold for their indexes too (R-149).

Source: Amazon DynamoDB API Reference, PutResourcePolicy. The refusals' texts are not known (policy-language 12.3).
"""

from __future__ import annotations

from iamsim.kit import ApiError, Call, Policy, PolicyType, Reply, error, operation, public_statements, validate

from .failures import ValidationException
from .table import Table

PolicyNotFoundException = error("PolicyNotFoundException")

MAX_POLICY_BYTES = 20 * 1024
NO_POLICY = "NO_POLICY"  # the revision to expect where there must not be a policy yet


@operation
def put_resource_policy(call: Call, table: Table, *, policy: str, expected_revision_id: str | None = None) -> Reply:
    """Raises PolicyNotFoundException unless the table's policy is of the expected revision."""
    _check_revision(table, expected_revision_id)
    attach(call, table, policy)
    return {"RevisionId": table.policy_revision}


@operation
def get_resource_policy(call: Call, table: Table) -> Reply:
    if table.resource_policy is None:
        raise _not_found(table)
    return {"Policy": table.resource_policy, "RevisionId": table.policy_revision}


@operation
def delete_resource_policy(call: Call, table: Table, *, expected_revision_id: str | None = None) -> Reply:
    """Deleting a policy that is not there succeeds, unless a revision is expected."""
    _check_revision(table, expected_revision_id)
    revision = table.policy_revision
    table.resource_policy = table.policy_revision = None
    return {"RevisionId": revision} if revision is not None else {}


def attach(call: Call, table: Table, document: str) -> None:
    """Make `document` the table's policy. Raises ValidationException for a bad one."""
    if len(document.encode()) > MAX_POLICY_BYTES:
        raise ValidationException("Resource-based policy exceeds the maximum size of 20 KB")
    _check_document(document)
    if document != table.resource_policy:
        table.resource_policy, table.policy_revision = document, str(int(call.clock.now() * 1000))


def _check_document(document: str) -> None:
    for finding in validate(document, PolicyType.RESOURCE):
        if finding.is_error:
            raise ValidationException(f"Resource-based policy is not valid: {finding.message}")
    if public_statements(Policy.parse(document).document):
        raise ValidationException("Resource-based policy grants public access, which DynamoDB blocks")


def _check_revision(table: Table, expected: str | None) -> None:
    if expected is None:
        return
    if expected != (table.policy_revision or NO_POLICY):
        raise _not_found(table)


def _not_found(table: Table) -> ApiError:
    return PolicyNotFoundException(f"Resource-based policy not found for the provided ResourceArn: {table.arn}")
