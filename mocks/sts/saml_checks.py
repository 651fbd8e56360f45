"""What AWS checks of a SAML response before it looks at the trust policy: whether it is fresh, and meant for AWS."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from .failures import ExpiredToken, InvalidIdentityToken
from .saml_xml import ASSERTION, moment, text_of

FRESH_S = 300
MAX_SKEW_S = 300

# Source: IAM User Guide, id_roles_providers_create_saml_assertions: a sign-in endpoint, or AWS's URN.
SIGN_IN = re.compile(
    r"https://(?:[a-z0-9-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/saml(?:/acs/[\w-]+)?"
)
URN = re.compile(r"urn:amazon:webservices(?::[a-z0-9-]+)?")

TOO_OLD = "Token must be redeemed within 5 minutes of issuance"  # Observed: 2018 to 2020, in published reports
EXPIRED = "Response has expired"  # Observed: 2022-01-17, issue 759 of Versent/saml2aws
WRONG_AUDIENCE = "Response does not contain the required audience."  # Source: IAM User Guide, troubleshoot_saml


def check_times(root: ElementTree.Element, now: float) -> None:
    """Raises ExpiredTokenException or InvalidIdentityToken unless the response is valid now. Times left out are not."""
    confirmation, conditions = (
        root.find(f".//{ASSERTION}SubjectConfirmationData"),
        root.find(f".//{ASSERTION}Conditions"),
    )
    for element in (confirmation, conditions):
        ends = moment(element, "NotOnOrAfter")
        if ends is not None and ends <= now:
            raise ExpiredToken(EXPIRED)
        begins = moment(element, "NotBefore")
        if begins is not None and begins > now + MAX_SKEW_S:
            raise InvalidIdentityToken("Response is not valid yet")
    issued = moment(_assertion(root), "IssueInstant")
    if issued is not None and issued + FRESH_S < now:
        raise ExpiredToken(TOO_OLD)


def check_audience(root: ElementTree.Element) -> None:
    """Raises InvalidIdentityToken for a response that names audiences or a recipient of which none is AWS."""
    audiences = [text_of(each) for each in root.iter(f"{ASSERTION}Audience")]
    if audiences and not any(SIGN_IN.fullmatch(each) or URN.fullmatch(each) for each in audiences):
        raise InvalidIdentityToken(WRONG_AUDIENCE)
    for confirmation in root.iter(f"{ASSERTION}SubjectConfirmationData"):
        recipient = confirmation.get("Recipient")
        if recipient is not None and SIGN_IN.fullmatch(recipient) is None:
            raise InvalidIdentityToken(WRONG_AUDIENCE)


def _assertion(root: ElementTree.Element) -> ElementTree.Element | None:
    return root if root.tag == f"{ASSERTION}Assertion" else root.find(f".//{ASSERTION}Assertion")
