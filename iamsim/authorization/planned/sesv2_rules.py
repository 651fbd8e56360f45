"""Amazon SES: the sender's identity, configuration sets, templates. Source: O section 4; context-keys section 14."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from iamsim.authorization.asked import Asked, Check

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


def create_email_identity(asked: Asked) -> Iterator[Check]:
    """The address or domain."""
    yield Check(f"ses:{asked.operation}", asked.arn(f"identity/{asked.get('EmailIdentity', '*')}"))


def _sent(asked: Asked, action: str, template: str | None) -> Iterator[Check]:
    sender = asked.get("FromEmailAddressIdentityArn")
    if sender is None:
        address = parseaddr(asked.get("FromEmailAddress") or "")[1] or "*"
        sender = asked.arn(f"identity/{address}")
    arns = [sender]
    if asked.get("ConfigurationSetName"):
        arns.append(asked.arn(f"configuration-set/{asked.get('ConfigurationSetName')}"))
    if template:
        arns.append(asked.arn(f"template/{template}"))
    for arn in arns:
        yield Check(f"ses:{action}", arn)


def keys(asked: Asked) -> dict[str, Any]:
    """The version of the API, the sender and the recipients."""
    found: dict[str, Any] = {"ses:ApiVersion": VERSION[asked.service]}
    name, address = parseaddr(asked.get("FromEmailAddress") or asked.get("Source") or "")
    if not asked.operation.startswith("Send"):
        return found
    found |= {"ses:FromAddress": address} if address else {}
    found |= {"ses:FromDisplayName": name} if name else {}
    to = [each for kind in ("To", "Cc", "Bcc") for each in asked.at(f"Destination.{kind}Addresses[]")]
    return found | ({"ses:Recipients": to} if to else {})
