"""Service-linked roles: made for one service, which alone may assume and change them (R-124).

Source: IAM User Guide, using-service-linked-roles, and the service-linked role pages of the services.
"""

from __future__ import annotations

from iamsim.kit import Arn, Call, NotMocked, Reply, aws_managed_policies, operation

from .account import Account, account_of, forget, is_taken, keep
from .failures import InvalidInput, NoSuchEntity
from .managed_policy import SERVICE_ROLE_PATH, ManagedPolicy, aws_policy
from .policy_holder import end_sessions
from .role import Role
from .trust_policy import TrustPolicy

# Service -> what follows `AWSServiceRoleFor` in the role's name, and the name of the policy that AWS attaches.
ROLES = {
    "access-analyzer.amazonaws.com": ("AccessAnalyzer", "AccessAnalyzerServiceRolePolicy"),
    "autoscaling.amazonaws.com": ("AutoScaling", "AutoScalingServiceRolePolicy"),
    "backup.amazonaws.com": ("Backup", "AWSBackupServiceLinkedRolePolicyForBackup"),
    "batch.amazonaws.com": ("Batch", "BatchServiceRolePolicy"),
    "cloudtrail.amazonaws.com": ("CloudTrail", "CloudTrailServiceRolePolicy"),
    "config.amazonaws.com": ("Config", "AWSConfigServiceRolePolicy"),
    "dynamodb.application-autoscaling.amazonaws.com": (
        "ApplicationAutoScaling_DynamoDBTable",
        "AWSApplicationAutoscalingDynamoDBTablePolicy",
    ),
    "ecs.amazonaws.com": ("ECS", "AmazonECSServiceRolePolicy"),
    "ecs.application-autoscaling.amazonaws.com": (
        "ApplicationAutoScaling_ECSService",
        "AWSApplicationAutoscalingECSServicePolicy",
    ),
    "eks.amazonaws.com": ("AmazonEKS", "AmazonEKSServiceRolePolicy"),
    "eks-nodegroup.amazonaws.com": ("AmazonEKSNodegroup", "AWSServiceRoleForAmazonEKSNodegroup"),
    "elasticache.amazonaws.com": ("ElastiCache", "ElastiCacheServiceRolePolicy"),
    "elasticloadbalancing.amazonaws.com": ("ElasticLoadBalancing", "AWSElasticLoadBalancingServiceRolePolicy"),
    "es.amazonaws.com": ("AmazonElasticsearchService", "AmazonElasticsearchServiceRolePolicy"),
    "guardduty.amazonaws.com": ("AmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"),
    "inspector2.amazonaws.com": ("AmazonInspector2", "AmazonInspector2ServiceRolePolicy"),
    "kafka.amazonaws.com": ("Kafka", "KafkaServiceRolePolicy"),
    "macie.amazonaws.com": ("AmazonMacie", "AmazonMacieServiceRolePolicy"),
    "ops.apigateway.amazonaws.com": ("APIGateway", "APIGatewayServiceRolePolicy"),
    "opensearchservice.amazonaws.com": ("AmazonOpenSearchService", "AmazonOpenSearchServiceRolePolicy"),
    "organizations.amazonaws.com": ("Organizations", "AWSOrganizationsServiceTrustPolicy"),
    "rds.amazonaws.com": ("RDS", "AmazonRDSServiceRolePolicy"),
    "redshift.amazonaws.com": ("Redshift", "AmazonRedshiftServiceLinkedRolePolicy"),
    "replication.dynamodb.amazonaws.com": ("DynamoDBReplication", "DynamoDBReplicationServiceRolePolicy"),
    "replicator.lambda.amazonaws.com": ("LambdaReplicator", "AWSLambdaReplicator"),
    "securityhub.amazonaws.com": ("SecurityHub", "AWSSecurityHubServiceRolePolicy"),
    "spot.amazonaws.com": ("EC2Spot", "AWSEC2SpotServiceRolePolicy"),
    "spotfleet.amazonaws.com": ("EC2SpotFleet", "AWSEC2SpotFleetServiceRolePolicy"),
    "ssm.amazonaws.com": ("AmazonSSM", "AmazonSSMServiceRolePolicy"),
    "sso.amazonaws.com": ("SSO", "AWSSSOServiceRolePolicy"),
    "support.amazonaws.com": ("Support", "AWSSupportServiceRolePolicy"),
    "transitgateway.amazonaws.com": ("VPCTransitGateway", "AWSVPCTransitGatewayServiceRolePolicy"),
    "trustedadvisor.amazonaws.com": ("TrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"),
}
WITH_SUFFIX = frozenset({"autoscaling.amazonaws.com"})


def role_arn(call: Call, service: str, suffix: str | None) -> Arn:
    """The ARN of the service's role. Raises NotMocked for a service whose role's name is not known here."""
    if service not in ROLES:
        raise NotMocked(f"iamsim does not know the service-linked role of {service}")
    name = f"AWSServiceRoleFor{ROLES[service][0]}" + (f"_{suffix}" if suffix else "")
    return call.make_arn("role", path=f"{SERVICE_ROLE_PATH}{service}/", name=name)


@operation
def create_service_linked_role(
    call: Call, *, aws_service_name: str, description: str | None = None, custom_suffix: str | None = None
) -> Reply:
    """Raises InvalidInput if there is one already, or for a suffix that the service does not take."""
    arn = role_arn(call, aws_service_name, custom_suffix)
    if custom_suffix and aws_service_name not in WITH_SUFFIX:
        raise InvalidInput(f"Custom suffix is not allowed for {aws_service_name}")
    name = arn.resource.rsplit("/", 1)[-1]
    if is_taken(call, "role", name):
        raise InvalidInput(f"Service role name {name} has been taken in this account, please try a different suffix.")
    statement = {"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"Service": [aws_service_name]}}
    role = keep(
        call,
        Role(
            arn,
            unique_id=call.clock.new_unique_id("AROA"),
            created_at=call.clock.now(),
            home=account_of(call),
            trust=TrustPolicy({"Version": "2012-10-17", "Statement": [statement]}),
            description=description,
            attached={str(policy.arn): policy for policy in _policies(aws_service_name, call.operation.partition)},
        ),
    )
    return {"Role": {key: value for key, value in role.described().items() if key != "MaxSessionDuration"}}


@operation
def delete_service_linked_role(call: Call, role: Role) -> Reply:
    """The role is gone at once: no resource here keeps it in use."""
    if not role.is_service_linked:
        raise InvalidInput(f"Role {role.name} is not a service-linked role.")
    service = role.path.strip("/").split("/")[-1]
    task = f"task/aws-service-role/{service}/{role.name}/{call.clock.new_id()}"
    account_of(call).deleted_roles[task] = role.arn
    forget(call, role)
    end_sessions(call, role)
    return {"DeletionTaskId": task}


@operation
def get_service_linked_role_deletion_status(call: Call, *, deletion_task_id: str) -> Reply:
    if role_of_task(call, deletion_task_id) is None:
        raise NoSuchEntity(f"Deletion task {deletion_task_id} cannot be found.")
    return {"Status": "SUCCEEDED"}


def role_of_task(call: Call, task: str) -> Arn | None:
    """The role that a deletion task was about."""
    account = call.find(Account, call.make_arn("account"))
    return account.deleted_roles.get(task) if account is not None else None


def _policies(service: str, partition: str) -> list[ManagedPolicy]:
    """The policy that AWS attaches, if it is among those that are known."""
    name = ROLES[service][1]
    for path in (SERVICE_ROLE_PATH, "/"):
        arn = f"arn:{partition}:iam::aws:policy{path}{name}"
        if arn in aws_managed_policies():
            policy = aws_policy(arn)
            return [policy] if policy is not None else []
    return []
