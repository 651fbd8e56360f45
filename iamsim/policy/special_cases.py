"""Where the general rules do not apply: tables of actions and services. Last compared with AWS's pages: 2026-07."""

from __future__ import annotations

from iamsim.policy.glob import glob


def words(text: str) -> frozenset[str]:
    """The words of a table."""
    return frozenset(text.split())


# these need no permission; GetCallerIdentity is not even stopped by a Deny.
NEEDS_NO_PERMISSION = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})
CANNOT_BE_DENIED = frozenset({"sts:getcalleridentity"})

# the root user of the owning account can always mend a resource policy that locks everybody out; for queues only
# as an AssumeRoot session.
ROOT_CAN_UNLOCK = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})
ASSUMED_ROOT_CAN_UNLOCK = ROOT_CAN_UNLOCK | {"sqs:getqueueattributes", "sqs:setqueueattributes"}

# the exempt task that has a service prefix of its own; the others have no IAM action.
SCP_EXEMPT_SERVICES = frozenset({"mechanicalturk"})

# Source: Organizations User Guide, orgs_manage_policies_rcps, as of 2026-09.
RCP_SERVICES = words(
    """
    aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data
    codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend comprehendmedical
    compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms gamelift health
    inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
    personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin sqs sts support
    swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
    """
)
RCP_EXEMPT_ACTIONS = frozenset({"kms:retiregrant"})

# what KMS does for other accounts; nothing else of KMS crosses accounts.
KMS_CROSS_ACCOUNT = tuple(
    glob(f"kms:{name}")
    for name in (
        "decrypt", "encrypt", "generatedatakey*", "reencrypt*", "sign", "verify", "*mac", "getpublickey", "describekey",
        "creategrant", "listgrants", "retiregrant", "revokegrant", "getkeyrotationstatus", "derivesharedsecret",
    )
)  # fmt: skip

# what no resource policy can open to another account.
OWN_ACCOUNT_ONLY = words(
    """
    sqs:addpermission sqs:cancelmessagemovetask sqs:createqueue sqs:deletequeue sqs:listmessagemovetasks sqs:listqueues
    sqs:listqueuetags sqs:removepermission sqs:setqueueattributes sqs:startmessagemovetask sqs:tagqueue sqs:untagqueue
    dynamodb:partiqldelete dynamodb:partiqlinsert dynamodb:partiqlselect dynamodb:partiqlupdate
    dynamodb:describetimetolive dynamodb:updatetimetolive dynamodb:describecontinuousbackups
    dynamodb:updatecontinuousbackups iam:passrole
    """
)


def works_across_accounts(action: str) -> bool:
    """Whether a resource policy can open `action` (lower case) to another account at all."""
    if action.startswith("kms:"):
        return any(fits(action) for fits in KMS_CROSS_ACCOUNT)
    return action not in OWN_ACCOUNT_ONLY
