"""Which service uses a role that a call hands over: its principal, without `.amazonaws.com` (O section 8).

Where nothing else is said it is `<IAM prefix>.amazonaws.com`. Source: trust policies in the services' guides.
"""

from __future__ import annotations

# By botocore's name of the service.
BY_SERVICE = {
    "amplifybackend": "amplify",
    "application-autoscaling": "application-autoscaling",
    "chime-sdk-media-pipelines": "mediapipelines.chime",
    "cloudcontrol": "cloudformation",
    "codeconnections": "cloudformation.sync.codeconnections",
    "codestar-connections": "cloudformation.sync.codeconnections",
    "docdb": "rds",
    "eks-auth": "pods.eks",
    "elb": "elasticloadbalancing",
    "es": "opensearchservice",
    "lexv2-models": "lexv2",
    "mediapackage-vod": "mediapackage",
    "neptune": "rds",
    "neptunedata": "rds",
    "opensearch": "opensearchservice",
    "osis": "osis-pipelines",
    "pinpoint": "pinpoint",
    "s3control": "batchoperations.s3",
    "shield": "drt.shield",
    "snowball": "importexport",
    "synthetics": "lambda",
}

# By the service and its operation, or the member that holds the role.
BY_USE = {
    ("apprunner", "AccessRoleArn"): "build.apprunner",
    ("apprunner", "InstanceRoleArn"): "tasks.apprunner",
    ("backup", "ScannerRoleArn"): "malware-protection.guardduty",
    ("batch", "executionRoleArn"): "ecs-tasks",
    ("batch", "infrastructureRoleArn"): "ecs",
    ("batch", "instanceRole"): "ec2",
    ("batch", "jobRoleArn"): "ecs-tasks",
    ("batch", "spotIamFleetRole"): "spotfleet",
    ("batch", "taskRoleArn"): "ecs-tasks",
    ("bedrock", "executionRole"): "sagemaker",
    ("cloudformation", "ActivateType"): "resources.cloudformation",
    ("cloudformation", "RegisterType"): "resources.cloudformation",
    ("cloudwatch", "PutMetricStream"): "streams.metrics.cloudwatch",
    ("ec2", "CreateFlowLogs"): "vpc-flow-logs",
    ("ec2", "IamFleetRole"): "spotfleet",
    ("ecs", "RegisterTaskDefinition"): "ecs-tasks",
    ("ecs", "RunTask"): "ecs-tasks",
    ("ecs", "StartTask"): "ecs-tasks",
    ("ecs", "executionRoleArn"): "ecs-tasks",
    ("ecs", "roleArn"): "ecs",
    ("ecs", "taskRoleArn"): "ecs-tasks",
    ("eks", "CreatePodIdentityAssociation"): "pods.eks",
    ("eks", "RegisterCluster"): "ssm",
    ("eks", "UpdatePodIdentityAssociation"): "pods.eks",
    ("eks", "nodeRole"): "ec2",
    ("eks", "nodeRoleArn"): "ec2",
    ("eks", "podExecutionRoleArn"): "eks-fargate-pods",
    ("elasticbeanstalk", "CodeBuildServiceRole"): "codebuild",
    ("emr", "AutoScalingRole"): "application-autoscaling",
    ("emr", "JobFlowRole"): "ec2",
    ("guardduty", "CreateMalwareProtectionPlan"): "malware-protection-plan.guardduty",
    ("guardduty", "UpdateMalwareProtectionPlan"): "malware-protection-plan.guardduty",
    ("iot", "CreateRoleAlias"): "credentials.iot",
    ("iot", "UpdateRoleAlias"): "credentials.iot",
    ("iotsitewise", "alarmRoleArn"): "iotevents",
    ("neptune", "MonitoringRoleArn"): "monitoring.rds",
    ("neptunedata", "sagemakerIamRoleArn"): "sagemaker",
    ("pipes", "ExecutionRoleArn"): "ecs-tasks",
    ("pipes", "TaskRoleArn"): "ecs-tasks",
    ("proton", "codebuildRoleArn"): "codebuild",
    ("proton", "pipelineCodebuildRoleArn"): "codebuild",
    ("qbusiness", "CreateWebExperience"): "application.qbusiness",
    ("qbusiness", "UpdateWebExperience"): "application.qbusiness",
    ("rds", "MonitoringRoleArn"): "monitoring.rds",
    ("rds", "StartExportTask"): "export.rds",
    ("redshift", "CreateScheduledAction"): "scheduler.redshift",
    ("redshift", "ModifyScheduledAction"): "scheduler.redshift",
    ("s3control", "CreateAccessGrantsLocation"): "access-grants.s3",
    ("s3control", "UpdateAccessGrantsLocation"): "access-grants.s3",
    ("workmail", "PutEmailMonitoringConfiguration"): "events.workmail",
    ("workmail", "StartMailboxExportJob"): "export.workmail",
}


def user_of(service: str, operation: str, member: str, prefix: str) -> str:
    """The service that will use the role which `operation` hands over in `member`."""
    return BY_USE.get((service, member)) or BY_USE.get((service, operation)) or BY_SERVICE.get(service) or prefix
