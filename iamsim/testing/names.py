"""The older names, one per service. They are all `mock_aws`: every service is simulated, whichever name is used."""

from __future__ import annotations

from iamsim.errors import UsageError
from iamsim.testing.mock import mock_aws

mock_acm = mock_aws
mock_apigateway = mock_aws
mock_applicationautoscaling = mock_aws
mock_athena = mock_aws
mock_autoscaling = mock_aws
mock_cloudformation = mock_aws
mock_cloudwatch = mock_aws
mock_events = mock_aws
mock_cognitoidentity = mock_aws
mock_cognitoidp = mock_aws
mock_config = mock_aws
mock_datapipeline = mock_aws
mock_dynamodb = mock_aws
mock_dynamodb2 = mock_aws
mock_ec2 = mock_aws
mock_ecr = mock_aws
mock_ecs = mock_aws
mock_elb = mock_aws
mock_elbv2 = mock_aws
mock_emr = mock_aws
mock_forecast = mock_aws
mock_glacier = mock_aws
mock_glue = mock_aws
mock_iam = mock_aws
mock_iot = mock_aws
mock_iotdata = mock_aws
mock_kinesis = mock_aws
mock_kms = mock_aws
mock_lambda = mock_aws
mock_logs = mock_aws
mock_organizations = mock_aws
mock_polly = mock_aws
mock_ram = mock_aws
mock_rds = mock_aws
mock_rds2 = mock_aws
mock_redshift = mock_aws
mock_route53 = mock_aws
mock_s3 = mock_aws
mock_secretsmanager = mock_aws
mock_ses = mock_aws
mock_sns = mock_aws
mock_sqs = mock_aws
mock_ssm = mock_aws
mock_stepfunctions = mock_aws
mock_sts = mock_aws
mock_swf = mock_aws
mock_transcribe = mock_aws
mock_xray = mock_aws

NAMES = tuple(name for name in dir() if name.startswith("mock_"))


def boto_2_name(name: str) -> UsageError:
    """What is said to who asks for `mock_ec2_deprecated` or its like."""
    current = name.removesuffix("_deprecated")
    return UsageError(
        f"`{name}` was for boto 2, which AWS ended in 2021: call AWS through boto3 and use `mock_aws` (or `{current}`)"
    )
