"""AWS WAF: ARNs say `regional` or `global`, the latter always in us-east-1; what a web ACL protects is decided on, too.

Source: SAR of WAF V2; AWS WAF API Reference, AssociateWebACL.
"""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn

SCOPES = {"REGIONAL": "regional", "CLOUDFRONT": "global"}
KINDS = {"WebACL": "webacl", "IPSet": "ipset", "RegexPatternSet": "regexpatternset", "RuleGroup": "rulegroup"}
GLOBAL_REGION = "us-east-1"
ATTACH = {  # by the service of the protected resource: to attach a web ACL, and to detach it
    "amplify": ("amplify:AssociateWebACL", "amplify:DisassociateWebACL"),
    "apigateway": ("apigateway:SetWebACL", "apigateway:SetWebACL"),
    "apprunner": ("apprunner:AssociateWebAcl", "apprunner:DisassociateWebAcl"),
    "appsync": ("appsync:SetWebACL", "appsync:SetWebACL"),
    "cognito-idp": ("cognito-idp:AssociateWebACL", "cognito-idp:DisassociateWebACL"),
    "ec2": ("ec2:AssociateVerifiedAccessInstanceWebAcl", "ec2:DisassociateVerifiedAccessInstanceWebAcl"),
    "elasticloadbalancing": ("elasticloadbalancing:SetWebAcl", "elasticloadbalancing:SetWebAcl"),
}


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """Only the resource that the call is about, with its scope, and those that its rules refer to."""
    kind = next((each for name, each in KINDS.items() if asked.operation.endswith(name)), None)
    if not asked.get("Scope"):
        return checks
    scope = SCOPES.get(asked.params["Scope"], "*")
    where = {"region": GLOBAL_REGION} if scope == "global" else {}
    if kind is None or "Managed" in asked.operation:
        for check in checks:
            _, is_scoped, name = check.resource.partition(f":{asked.params['Scope']}/")
            if is_scoped:
                name = name.replace("webacl/*/", f"webacl/{asked.get('WebACLName', '*')}/")
                check.resource = asked.arn(f"{scope}/{name}", **where)
        return checks
    own = asked.check(asked.arn(f"{scope}/{kind}/{asked.get('Name', '*')}/{asked.get('Id', '*')}", **where))
    return [own, *(asked.check(arn) for arn in dict.fromkeys(_referred(asked.get("Rules") or [])))]


def put_logging_configuration(asked: Asked) -> Iterator[Check]:
    """The web ACL."""
    yield asked.check(next(asked.at("LoggingConfiguration.ResourceArn"), "*"))


def forwarded(asked: Asked) -> Iterator[Check]:
    """To attach or detach a web ACL, in the service of the resource that it protects."""
    arn = str(asked.get("ResourceArn") or "")
    if asked.operation in ("AssociateWebACL", "DisassociateWebACL") and is_arn(arn):
        actions = ATTACH.get(arn.split(":")[2])
        if actions is not None:
            yield Check(actions[asked.operation == "DisassociateWebACL"], arn)


def _referred(value: object) -> Iterator[str]:
    """The ARNs of sets and groups that the rules name."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("ARN", "Arn") and is_arn(inner) and ":wafv2:" in inner:
                yield inner
            else:
                yield from _referred(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _referred(inner)
