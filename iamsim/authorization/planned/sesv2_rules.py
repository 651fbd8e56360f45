"""Amazon SES: the sender's identity, configuration sets, templates. Source: O section 4; context-keys section 14."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from iamsim.authorization.asked import Asked, Check

DESTINATIONS = ("Destination", "Destinations[].Destination", "BulkEmailEntries[].Destination")
RECIPIENTS = ("Destinations[]", *(f"{each}.{kind}Addresses[]" for each in DESTINATIONS for kind in ("To", "Cc", "Bcc")))
VERSION = {"sesv2": "2", "ses": "1"}


def send_email(asked: Asked) -> Iterator[Check]:
    """The action by the kind of content (which one a template needs is unverified)."""
    content = asked.get("Content") or {}
    kind = "SendRawEmail" if "Raw" in content else "SendTemplatedEmail" if "Template" in content else "SendEmail"
    yield from _sent(asked, kind, (content.get("Template") or {}).get("TemplateName"))


def send_bulk_email(asked: Asked) -> Iterator[Check]:
    """Always with a template."""
    template = next(asked.at("DefaultContent.Template.TemplateName"), None)
    yield from _sent(asked, "SendBulkTemplatedEmail", template)


def refine(asked: Asked, checks: list[Check]) -> list[Check]:
    """The address or domain that the call names."""
    for check in checks:
        if check.resource.endswith(":identity/*") and asked.get("EmailIdentity"):
            check.resource = asked.arn(f"identity/{asked.get('EmailIdentity')}")
    return checks


def _sent(asked: Asked, action: str, template: str | None) -> Iterator[Check]:
    """The sender's identity, the configuration set, the template."""
    arns = [sender(asked)]
    if asked.get("ConfigurationSetName"):
        arns.append(asked.arn(f"configuration-set/{asked.get('ConfigurationSetName')}"))
    if template:
        arns.append(asked.arn(f"template/{template}"))
    for arn in arns:
        yield Check(f"ses:{action}", arn)


def sender(asked: Asked) -> str:
    """The ARN of the identity that a message is from; of another account's, if the call names that."""
    named = asked.get("FromEmailAddressIdentityArn") or asked.get("FromArn") or asked.get("SourceArn")
    address = parseaddr(asked.get("FromEmailAddress") or asked.get("Source") or "")[1] or "*"
    return str(named or asked.arn(f"identity/{address}"))


def keys(asked: Asked) -> dict[str, Any]:
    """The version of the API, the sender, where refusals go, the recipients, the tenant."""
    found: dict[str, Any] = {"ApiVersion": VERSION[asked.service]}
    if not asked.operation.startswith("Send"):
        return asked.keys(found)
    name, address = parseaddr(asked.get("FromEmailAddress") or asked.get("Source") or "")
    found |= {"FromAddress": address, "FromDisplayName": name}
    found["FeedbackAddress"] = asked.get("FeedbackForwardingEmailAddress") or asked.get("ReturnPath")
    found["Recipients"] = [
        parseaddr(each)[1] for path in RECIPIENTS for each in asked.at(path) if isinstance(each, str)
    ]
    found["TenantName"], found["MultiRegionEndpointId"] = asked.get("TenantName"), asked.get("EndpointId")
    return asked.keys(found)
