"""Each of botocore's services has an IAM prefix that the reference knows, or a reason why it has none."""

from __future__ import annotations

import pytest
from botocore.model import ServiceModel

from iamsim.errors import NotMocked
from iamsim.reference.built_with import services_then
from iamsim.reference.prefixes import (
    EXCEPTIONS,
    WITHOUT_PREFIX,
    likely_prefix,
    prefix_in,
    prefix_of,
    why_without_prefix,
)
from iamsim.reference.service_authorization import prefixes
from iamsim.reference.service_model import loader
from tests.reference_data.every_service import every_service

# Source: O section 2, the services that botocore still has.
DIFFERENT = """
accessanalyzer access-analyzer | amp aps | apigatewaymanagementapi execute-api | apigatewayv2 apigateway
appconfigdata appconfig | bedrock-agent bedrock | bedrock-agent-runtime bedrock | bedrock-runtime bedrock
chime-sdk-voice chime | cloudcontrol cloudformation | cloudhsmv2 cloudhsm | cloudwatch cloudwatch
connectcases cases | connectparticipant execute-api | customer-profiles profile | docdb rds
dynamodbstreams dynamodb | efs elasticfilesystem | elb elasticloadbalancing | elbv2 elasticloadbalancing
emr elasticmapreduce | es es | greengrassv2 greengrass | iam-toolbox iam | iot-data iot
iot-jobs-data iotjobsdata | iotsecuretunneling iot | keyspaces cassandra | kinesis-video-media kinesisvideo
kinesisanalyticsv2 kinesisanalytics | lex-models lex | lex-runtime lex | lexv2-models lex | location geo
marketplace-catalog aws-marketplace | mediastore-data mediastore | meteringmarketplace aws-marketplace
migrationhub-config mgh | mwaa airflow | neptune rds | neptunedata neptune-db | opensearch es
opensearchserverless aoss | personalize-events personalize | pinpoint mobiletargeting | pinpoint-email ses
qconnect wisdom | resourcegroupstaggingapi tag | s3control s3 | s3outposts s3-outposts
sagemaker-edge sagemaker | sagemaker-runtime sagemaker | service-quotas servicequotas
servicecatalog-appregistry servicecatalog | sesv2 ses | sso-admin sso | sso-oidc sso-oauth
stepfunctions states | timestream-query timestream | timestream-write timestream | voice-id voiceid
"""
PAIRS = [tuple(pair.split()) for line in DIFFERENT.strip().splitlines() for pair in line.split(" | ")]


@pytest.mark.parametrize(("service", "prefix"), PAIRS)
def test_the_prefix_is_not_the_client_s_name(service: str, prefix: str) -> None:
    if service not in loader().list_available_services("service-2"):
        pytest.skip(f"this botocore has no {service}")
    assert prefix_of(service) == prefix


def test_every_service_has_a_prefix_or_a_reason() -> None:
    """One that is newer than the data has the reason that it is."""
    without = {model.service_name for model in every_service() if prefix_in(model) is None}
    assert all(why_without_prefix(name) for name in without)
    then = without & services_then()
    assert then <= set(WITHOUT_PREFIX), "give these a prefix in EXCEPTIONS, or a reason in WITHOUT_PREFIX"


def test_a_service_that_botocore_gets_later_is_too_new() -> None:
    metadata = {"endpointPrefix": "novel", "signingName": "novel-service"}
    model = ServiceModel({"metadata": metadata, "operations": {}, "shapes": {}}, service_name="novel")
    assert prefix_in(model) is None
    assert why_without_prefix("novel") == "the service is newer than the reference data"
    assert likely_prefix(model) == "novel-service"


def test_no_exception_is_for_a_prefix_that_does_not_exist() -> None:
    assert set(EXCEPTIONS.values()) <= prefixes()


def test_a_service_without_a_prefix_has_a_reason() -> None:
    assert prefix_of("sso") is None
    reason = "calls carry the access token of the sign-in portal, which IAM policies do not decide"
    assert why_without_prefix("sso") == reason


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(NotMocked):
        prefix_of("sqss")
