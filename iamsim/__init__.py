"""A simulated AWS in which IAM is real.

```python
@mock_aws
@set_initial_no_auth_action_count(4)
def test_orders(): ...
```
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamsim.authorization.declaring import declare_action
    from iamsim.clock import Clock
    from iamsim.decision_log import Decision, DecisionLog
    from iamsim.errors import ApiError, NotMocked, UnsupportedParameter, UsageError
    from iamsim.policy import Access, Evaluation, Policies, Policy, evaluate, parse_policy
    from iamsim.simulator import Simulator
    from iamsim.testing.active import decisions
    from iamsim.testing.mock import mock_aws
    from iamsim.testing.names import (
        mock_acm,
        mock_apigateway,
        mock_applicationautoscaling,
        mock_athena,
        mock_autoscaling,
        mock_cloudformation,
        mock_cloudwatch,
        mock_cognitoidentity,
        mock_cognitoidp,
        mock_config,
        mock_datapipeline,
        mock_dynamodb,
        mock_dynamodb2,
        mock_ec2,
        mock_ecr,
        mock_ecs,
        mock_elb,
        mock_elbv2,
        mock_emr,
        mock_events,
        mock_forecast,
        mock_glacier,
        mock_glue,
        mock_iam,
        mock_iot,
        mock_iotdata,
        mock_kinesis,
        mock_kms,
        mock_lambda,
        mock_logs,
        mock_organizations,
        mock_polly,
        mock_ram,
        mock_rds,
        mock_rds2,
        mock_redshift,
        mock_route53,
        mock_s3,
        mock_secretsmanager,
        mock_ses,
        mock_sns,
        mock_sqs,
        mock_ssm,
        mock_stepfunctions,
        mock_sts,
        mock_swf,
        mock_transcribe,
        mock_xray,
    )
    from iamsim.testing.switches import (
        disable_iam_authentication,
        enable_iam_authentication,
        set_initial_no_auth_action_count,
    )
    from iamsim.tools.simulate import prepare, simulate

__all__ = [
    "Access",
    "ApiError",
    "Clock",
    "Decision",
    "DecisionLog",
    "Evaluation",
    "NotMocked",
    "Policies",
    "Policy",
    "Simulator",
    "UnsupportedParameter",
    "UsageError",
    "decisions",
    "declare_action",
    "disable_iam_authentication",
    "enable_iam_authentication",
    "evaluate",
    "mock_acm",
    "mock_apigateway",
    "mock_applicationautoscaling",
    "mock_athena",
    "mock_autoscaling",
    "mock_aws",
    "mock_cloudformation",
    "mock_cloudwatch",
    "mock_cognitoidentity",
    "mock_cognitoidp",
    "mock_config",
    "mock_datapipeline",
    "mock_dynamodb",
    "mock_dynamodb2",
    "mock_ec2",
    "mock_ecr",
    "mock_ecs",
    "mock_elb",
    "mock_elbv2",
    "mock_emr",
    "mock_events",
    "mock_forecast",
    "mock_glacier",
    "mock_glue",
    "mock_iam",
    "mock_iot",
    "mock_iotdata",
    "mock_kinesis",
    "mock_kms",
    "mock_lambda",
    "mock_logs",
    "mock_organizations",
    "mock_polly",
    "mock_ram",
    "mock_rds",
    "mock_rds2",
    "mock_redshift",
    "mock_route53",
    "mock_s3",
    "mock_secretsmanager",
    "mock_ses",
    "mock_sns",
    "mock_sqs",
    "mock_ssm",
    "mock_stepfunctions",
    "mock_sts",
    "mock_swf",
    "mock_transcribe",
    "mock_xray",
    "parse_policy",
    "prepare",
    "set_initial_no_auth_action_count",
    "simulate",
]

# Where each name comes from: it is imported when it is first asked for, so that `import iamsim` costs next to nothing.
_HOME = {
    "Access": "iamsim.policy",
    "ApiError": "iamsim.errors",
    "Clock": "iamsim.clock",
    "Decision": "iamsim.decision_log",
    "DecisionLog": "iamsim.decision_log",
    "Evaluation": "iamsim.policy",
    "NotMocked": "iamsim.errors",
    "Policies": "iamsim.policy",
    "Policy": "iamsim.policy",
    "Simulator": "iamsim.simulator",
    "UnsupportedParameter": "iamsim.errors",
    "UsageError": "iamsim.errors",
    "decisions": "iamsim.testing.active",
    "declare_action": "iamsim.authorization.declaring",
    "disable_iam_authentication": "iamsim.testing.switches",
    "enable_iam_authentication": "iamsim.testing.switches",
    "evaluate": "iamsim.policy",
    "parse_policy": "iamsim.policy",
    "prepare": "iamsim.tools.simulate",
    "simulate": "iamsim.tools.simulate",
    "mock_aws": "iamsim.testing.mock",
    "set_initial_no_auth_action_count": "iamsim.testing.switches",
}


def __getattr__(name: str) -> object:
    if name.startswith("mock_") and name not in _HOME:
        names = import_module("iamsim.testing.names")
        if name.endswith("_deprecated"):
            raise names.boto_2_name(name)
        if name in names.NAMES:
            return getattr(names, name)
    if name not in _HOME:
        if not name.startswith("_") and find_spec(f"iamsim.{name}"):
            return import_module(f"iamsim.{name}")  # `iamsim.testing.as_user` after `import iamsim` alone
        raise AttributeError(f"module `iamsim` has no attribute `{name}`", name=name, obj=sys.modules[__name__])
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "testing"]
