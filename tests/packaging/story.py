"""One story with every mock that is in the wheel, run where only the wheel is installed."""

from __future__ import annotations

import boto3

from iamsim import mock_aws
from iamsim.kit.loader import load_service, mocked_services

FIRST_CALLS = {
    "dynamodb": ("list_tables", {}),
    "ec2": ("describe_vpcs", {}),
    "iam": ("list_users", {}),
    "s3": ("list_buckets", {}),
    "sqs": ("list_queues", {}),
    "sts": ("get_caller_identity", {}),
}


def main() -> None:
    """Load every mock and call it once through boto3."""
    services = mocked_services()
    assert services, "the wheel holds no mock"
    with mock_aws():
        for service in services:
            load_service(service)
            if service in FIRST_CALLS:
                operation, params = FIRST_CALLS[service]
                answer = getattr(boto3.client(service, region_name="us-east-1"), operation)(**params)
                assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200, answer
    print(f"{len(services)} mocks work: {', '.join(services)}")


if __name__ == "__main__":
    main()
