"""What holds for every operation of every mock: nobody without a permission gets through, and nothing changes."""

from __future__ import annotations

import io
import json
import pickle
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError

from iamsim import enable_iam_authentication, mock_aws
from iamsim.kit.loader import load_service, mocked_services
from tests.conformance.minimal_input import minimal

REGION = "us-east-1"
DENIALS = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
# Calls that answer without asking for a permission, or are signed by nobody (operations-to-actions section 11).
OPEN = {
    ("dynamodb", "DescribeEndpoints"),
    ("sts", "GetCallerIdentity"),
    ("sts", "GetSessionToken"),
    ("sts", "AssumeRoleWithSAML"),
    ("sts", "AssumeRoleWithWebIdentity"),
    ("s3", "DeleteObjects"),  # answers each key by itself
}
# What a permission alone does not open: a wrong old password is AccessDenied, too.
DENIED_TO_ALL = {("iam", "ChangePassword")}
# What cannot be an identifier at all is said before permissions are looked at (errors-and-authentication section 9).
MALFORMED = (".Malformed",)

# Input that a name alone does not make: what stands in a member has a form of its own.
INPUT: dict[tuple[str, str], dict[str, Any]] = {
    ("s3", "CopyObject"): {"CopySource": "none/none"},
    ("s3", "UploadPartCopy"): {"CopySource": "none/none"},
    ("dynamodb", "TransactWriteItems"): {
        "TransactItems": [{"Delete": {"TableName": "none", "Key": {"id": {"S": "none"}}}}]
    },
    ("dynamodb", "ExecuteStatement"): {"Statement": "DELETE FROM none WHERE id = 'none'"},
    ("dynamodb", "BatchExecuteStatement"): {"Statements": [{"Statement": "DELETE FROM none WHERE id = 'none'"}]},
    ("dynamodb", "ExecuteTransaction"): {"TransactStatements": [{"Statement": "DELETE FROM none WHERE id = 'none'"}]},
}

OPERATIONS = [
    (service, operation) for service in mocked_services() for operation in sorted(load_service(service).functions)
]


def keys_of_a_user(policies: list[dict[str, Any]]) -> dict[str, str]:
    iam = boto3.client("iam", region_name=REGION)
    iam.create_user(UserName="tester")
    if policies:
        document = {"Version": "2012-10-17", "Statement": policies}
        iam.put_user_policy(UserName="tester", PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="tester")["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def arrange(service: str) -> None:
    """What must be there so that a call gets as far as its permissions: S3 tells everybody which buckets exist."""
    if service == "s3":
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="none")


def contents(value: Any) -> bytes:
    """What is kept, as bytes that do not tell which equal texts are one object."""
    written = io.BytesIO()
    pickler = pickle.Pickler(written)
    pickler.fast = True
    pickler.dump(value)
    return written.getvalue()


def called(service: str, operation: str, keys: dict[str, str]) -> dict[str, Any]:
    """The error that the call answers with; {} if it succeeds."""
    shape = load_service(service).model.operation_model(operation).input_shape
    client = boto3.client(service, region_name=REGION, **keys)
    try:
        getattr(client, xform_name(operation))(
            **(minimal(shape) if shape else {}) | INPUT.get((service, operation), {})
        )
    except ParamValidationError as problem:
        pytest.skip(f"no minimal input: {problem}")
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"code": "AccessDenied" if code == "403" else code, "status": status}  # a HEAD has no body
    return {}


@pytest.mark.filterwarnings("ignore::iamsim.UnsupportedParameter")
@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_without_a_policy_a_call_is_denied_and_changes_nothing(service: str, operation: str) -> None:
    with mock_aws() as aws:
        keys = keys_of_a_user([])
        arrange(service)
        with enable_iam_authentication():
            called("iam", "ListUsers", keys)  # denied, too: what is remembered of the user is remembered now
            before = contents(aws.cloud.resources)
            error = called(service, operation, keys)
        if (service, operation) in OPEN or error.get("code", "").endswith(MALFORMED):
            return
        assert error.get("code") in DENIALS, error
        assert all(not decision.allowed for decision in aws.decisions)
        assert contents(aws.cloud.resources) == before


@pytest.mark.filterwarnings("ignore::iamsim.UnsupportedParameter")
@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_an_administrator_is_not_denied(service: str, operation: str) -> None:
    with mock_aws():
        keys = keys_of_a_user([{"Effect": "Allow", "Action": "*", "Resource": "*"}])
        arrange(service)
        with enable_iam_authentication():
            error = called(service, operation, keys)
        assert (service, operation) in DENIED_TO_ALL or error.get("code") not in DENIALS, error
        assert error.get("status", 200) < 500 or error["code"] == "NotMocked", error
