"""Global condition keys that only some services or actions have: which ones, by IAM prefix or action.

Source: IAM User Guide, reference_policies_condition-keys, the lists under `Availability`; compared 2026-09.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SOURCE_VPC_ARN = _words(
    """
    acm-pca applicationinsights apprunner athena cloudformation comprehendmedical compute-optimizer datasync discovery
    ebs ecr ecs firehose healthlake iam iotfleetwise iotwireless kinesisanalytics kms lambda medical-imaging omics
    payment-cryptography polly rbin rekognition route53 s3 scheduler servicediscovery servicequotas ssm-contacts
    storagegateway textract transcribe transfer
    """
)
VPCE_ACCOUNT = SOURCE_VPC_ARN | {"dynamodb", "gamelift", "shield"}
VPCE_ORG_PATHS = VPCE_ACCOUNT
VPCE_ORG_ID = VPCE_ACCOUNT | _words(
    """
    b2bi cassandra cognito-identity dms ds-data identitystore iottwinmaker network-firewall pricing ses sms-voice sqs
    workmail
    """
)
WITHOUT_ENDPOINT_KEYS = frozenset({"iam:passrole"})  # although its service has the keys

# K-25: no aws:ResourceAccount, aws:ResourceOrgID and aws:ResourceOrgPaths. PutEvents loses them only to buses that were
# made targets before March 2023, which no simulation has.
WITHOUT_RESOURCE_OWNER = _words(
    """
    auditmanager:updateassessmentframeworkshare detective:acceptinvitation ds:acceptshareddirectory
    ec2:accepttransitgatewaypeeringattachment ec2:acceptvpcendpointconnections ec2:acceptvpcpeeringconnection
    ec2:createtransitgatewaypeeringattachment ec2:createvpcendpoint ec2:createvpcpeeringconnection
    es:acceptinboundconnection guardduty:acceptadministratorinvitation macie2:acceptinvitation
    route53:associatevpcwithhostedzone route53:createvpcassociationauthorization
    route53:deletevpcassociationauthorization route53:disassociatevpcfromhostedzone route53:listhostedzonesbyvpc
    securityhub:acceptadministratorinvitation
    """
)
PREFIXES_WITHOUT_RESOURCE_OWNER = frozenset({"ebs"})


def has_resource_owner(action: str) -> bool:
    """Whether a request for `action` (lower case) says who owns the resource (K-25)."""
    return action not in WITHOUT_RESOURCE_OWNER and action.partition(":")[0] not in PREFIXES_WITHOUT_RESOURCE_OWNER
