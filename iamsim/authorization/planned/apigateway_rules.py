"""Amazon API Gateway: the call's path is the resource, with an ARN in it percent-encoded.

Source: O sections 4 and 8; context-keys section 14.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from iamsim.authorization.asked import Asked, Check, as_text
from iamsim.authorization.planned_roles import ROLE_ARN, pass_role

MAKES_AN_API = ("CreateRestApi", "ImportRestApi", "PutRestApi")
NAMES_AN_API = ("CreateRestApi", "CreateApi", "UpdateApi")
POLICY_IN_A_BODY = "x-amazon-apigateway-policy"
HOLD_A_ROLE = ("authorizerCredentials", "AuthorizerCredentialsArn", "credentials", "CredentialsArn")
REQUEST = {  # members of both versions of the API, and the condition keys that they give
    "accessLogSettings.destinationArn": "AccessLoggingDestination",
    "AccessLogSettings.DestinationArn": "AccessLoggingDestination",
    "AccessLogSettings.Format": "AccessLoggingFormat",
    "apiKeyRequired": "ApiKeyRequired",
    "ApiKeyRequired": "ApiKeyRequired",
    "authorizationType": "RouteAuthorizationType",
    "AuthorizationType": "RouteAuthorizationType",
    "AuthorizerType": "AuthorizerType",
    "authorizerUri": "AuthorizerUri",
    "AuthorizerUri": "AuthorizerUri",
    "disableExecuteApiEndpoint": "DisableExecuteApiEndpoint",
    "DisableExecuteApiEndpoint": "DisableExecuteApiEndpoint",
    "DomainNameConfigurations[].EndpointType": "EndpointType",
    "DomainNameConfigurations[].SecurityPolicy": "SecurityPolicy",
    "endpointConfiguration.types[]": "EndpointType",
    "mutualTlsAuthentication.truststoreUri": "MtlsTrustStoreUri",
    "mutualTlsAuthentication.truststoreVersion": "MtlsTrustStoreVersion",
    "MutualTlsAuthentication.TruststoreUri": "MtlsTrustStoreUri",
    "MutualTlsAuthentication.TruststoreVersion": "MtlsTrustStoreVersion",
    "securityPolicy": "SecurityPolicy",
}
MUTUAL_TLS = "/mutualTlsAuthentication"
PRIVATE_ACCESS = {
    "CreateDomainNameAccessAssociation": "CreateAccessAssociation",
    "RejectDomainNameAccessAssociation": "RejectAccessAssociation",
}
OF_SEVERAL = (
    "ApiKeyRequired", "AuthorizerType", "AuthorizerUri", "EndpointType", "RouteAuthorizationType", "SecurityPolicy",
)  # fmt: skip


def tag_resource(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    yield _on_tags(asked, "PUT")


def untag_resource(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    yield _on_tags(asked, "DELETE")


def get_tags(asked: Asked) -> Iterator[Check]:
    """The tags of the resource."""
    yield _on_tags(asked, "GET")


def forwarded(asked: Asked) -> Iterator[Check]:
    """To set the resource policy of an API, which calls of several kinds do; to pass the roles that it uses."""
    operation, patches = asked.operation, {each.get("path"): each for each in asked.get("patchOperations") or ()}
    is_in_body = POLICY_IN_A_BODY in str(asked.get("body"))
    if (operation in MAKES_AN_API and (asked.get("policy") or is_in_body)) or (
        operation == "UpdateRestApi" and "/policy" in patches
    ):
        path = f"/restapis/{asked.get('restApiId')}" if asked.get("restApiId") else "/restapis"
        yield Check("apigateway:UpdateRestApiPolicy", asked.arn(path, account=""))
    if operation.endswith(("DomainName", "DomainNameAccessAssociation")):
        yield from _of_a_domain(asked, patches)
    roles = [asked.get(member) for member in HOLD_A_ROLE]
    roles += [patches.get(f"/{member}", {}).get("value") for member in ("cloudwatchRoleArn", *HOLD_A_ROLE)]
    for role in roles:
        if ROLE_ARN.match(str(role)):
            yield pass_role(str(role), "apigateway")


def keys(asked: Asked) -> dict[str, Any]:
    """apigateway:Request/*, what the call asks for."""
    found: dict[str, Any] = {}
    if asked.operation in NAMES_AN_API:
        found["ApiName"] = asked.get("name") or asked.get("Name")
    if asked.operation == "CreateDeployment":
        found["StageName"] = asked.get("stageName") or asked.get("StageName")
    for path, key in REQUEST.items():
        values = [as_text(value) for value in asked.at(path)]
        if values:
            found[key] = list(dict.fromkeys(values)) if key in OF_SEVERAL else values[0]
    if asked.operation == "CreateAuthorizer" and asked.get("type"):
        found["AuthorizerType"] = [asked.get("type")]
    return asked.keys({f"Request/{key}": value for key, value in found.items()})


def _of_a_domain(asked: Asked, patches: dict[Any, Any]) -> Iterator[Check]:
    """What is authorised beside the call: mutual TLS of a domain name, its policies, and access to a private one."""
    operation, private = asked.operation, asked.get("domainNameArn")
    if operation in PRIVATE_ACCESS and private:
        yield Check(f"apigateway:{PRIVATE_ACCESS[operation]}", private)
        return
    if operation not in ("CreateDomainName", "UpdateDomainName"):
        return
    name, private_id = asked.get("domainName") or asked.get("DomainName"), asked.get("domainNameId")
    is_new = operation == "CreateDomainName"
    arn = asked.arn("/domainnames" if is_new else f"/domainnames/{name}", account="")
    if private_id:
        arn = asked.arn(f"/domainnames/{name}+{private_id}")
    mutual = [each.get("op") == "remove" for path, each in patches.items() if str(path).startswith(MUTUAL_TLS)]
    if asked.get("mutualTlsAuthentication") or asked.get("MutualTlsAuthentication") or False in mutual:
        yield Check("apigateway:AddCertificateToDomain", arn)
    if True in mutual:
        yield Check("apigateway:RemoveCertificateFromDomain", arn)
    if (is_new and asked.get("policy")) or "/policy" in patches:
        yield Check("apigateway:UpdateDomainNamePolicy", arn)
    if "/managementPolicy" in patches:
        yield Check("apigateway:UpdateDomainNameManagementPolicy", arn)


def _on_tags(asked: Asked, method: str) -> Check:
    arn = quote(str(asked.get("resourceArn") or asked.get("ResourceArn") or "*"), safe="*")
    return Check(f"apigateway:{method}", asked.arn(f"/tags/{arn}", account=""))
