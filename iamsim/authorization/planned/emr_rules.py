"""Amazon EMR: clusters that are called job flows. Source: Amazon EMR API Reference, JobFlowId."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned_roles import ROLE_ARN, pass_role
from iamsim.reference.values import is_arn


def terminate_job_flows(asked: Asked) -> Iterator[Check]:
    """Each cluster."""
    for name in asked.get("JobFlowIds") or ("*",):
        yield asked.check(asked.named(name, "cluster/"))


set_termination_protection = set_visible_to_all_users = set_keep_job_flow_alive_when_no_steps = terminate_job_flows


def add_job_flow_steps(asked: Asked) -> Iterator[Check]:
    """The cluster."""
    yield asked.check(asked.named(asked.get("JobFlowId") or asked.get("ClusterId") or "*", "cluster/"))


add_instance_groups = add_job_flow_steps


def start_notebook_execution(asked: Asked) -> Iterator[Check]:
    """The cluster that runs it, and the notebook if one is named."""
    cluster = next(asked.at("ExecutionEngine.Id"), "*")
    is_on_eks = "EMR_ON_EKS" in asked.at("ExecutionEngine.Type")
    yield asked.check(asked.arn("cluster/*") if is_on_eks else asked.named(cluster, "cluster/"))
    if asked.get("EditorId"):
        yield asked.check(asked.arn(f"editor/{asked.get('EditorId')}"))


def add_tags(asked: Asked) -> Iterator[Check]:
    """A cluster, a studio or a notebook execution, by the form of the id."""
    name = str(asked.get("ResourceId", "*"))
    kind = "studio/" if name.startswith("es-") else "notebook-execution/" if name.startswith("ex-") else "cluster/"
    yield asked.check(asked.named(name, kind))


remove_tags = add_tags


def forwarded(asked: Asked) -> Iterator[Check]:
    """iam:PassRole on the role of the instance profile that an ARN names, whose name only IAM knows (O-35)."""
    profile = str(asked.get("JobFlowRole") or "")
    if is_arn(profile) and not ROLE_ARN.match(profile):
        yield pass_role(asked.setting.arn("iam", "role/*", region=""), "ec2")
