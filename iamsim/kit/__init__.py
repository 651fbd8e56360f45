"""All that a mock may import."""

from iamsim.arn import Arn
from iamsim.clock import BASE32, HEX, LETTERS_AND_DIGITS, Clock, account_of_access_key
from iamsim.cloud import Cloud, Credential, PolicySource, ResourceSource
from iamsim.errors import ApiError, NotMocked, UsageError
from iamsim.kit.call import Call
from iamsim.kit.declare import (
    before_every_operation,
    error,
    identity,
    operation,
    operation_on_whole_input,
    operation_that_reads,
    provides,
)
from iamsim.kit.resource import Reply, Resource, StrMap
from iamsim.machine import Machine, MachineSource
from iamsim.policy import Access, Evaluation, Policies, Policy, PolicyType, evaluate, validate
from iamsim.policy.encoded_message import decode_authorization_message
from iamsim.policy.principal import Principal, PrincipalKind, Session
from iamsim.policy.public import public_statements
from iamsim.reference.actions import action as aws_action
from iamsim.reference.managed_policies import ManagedPolicyData, aws_managed_policies
from iamsim.reference.partitions import dns_suffix
from iamsim.reference.tags import tags_in
from iamsim.request import Required

__all__ = [
    "BASE32",
    "HEX",
    "LETTERS_AND_DIGITS",
    "Access",
    "ApiError",
    "Arn",
    "Call",
    "Clock",
    "Cloud",
    "Credential",
    "Evaluation",
    "Machine",
    "MachineSource",
    "ManagedPolicyData",
    "NotMocked",
    "Policies",
    "Policy",
    "PolicySource",
    "PolicyType",
    "Principal",
    "PrincipalKind",
    "Reply",
    "Required",
    "Resource",
    "ResourceSource",
    "Session",
    "StrMap",
    "UsageError",
    "account_of_access_key",
    "aws_action",
    "aws_managed_policies",
    "before_every_operation",
    "decode_authorization_message",
    "dns_suffix",
    "error",
    "evaluate",
    "identity",
    "operation",
    "operation_on_whole_input",
    "operation_that_reads",
    "provides",
    "public_statements",
    "tags_in",
    "validate",
]
