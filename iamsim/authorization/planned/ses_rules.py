"""Amazon SES, version 1: the sender's identity first; condition keys are those of version 2. Source: O section 4."""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.authorization.planned.sesv2_rules import keys, sender

__all__ = ["keys"]


def send_email(asked: Asked) -> Iterator[Check]:
    """The sender, the configuration set, the template."""
    yield asked.check(sender(asked))
    if asked.get("ConfigurationSetName"):
        yield asked.check(asked.arn(f"configuration-set/{asked.get('ConfigurationSetName')}"))
    if asked.get("Template"):
        yield asked.check(asked.arn(f"template/{asked.get('Template')}"))


send_raw_email = send_templated_email = send_bulk_templated_email = send_email
