"""What a tester holds in the hand: acting as somebody, assertions, faults. A name is loaded when it is first used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamsim.testing.acting import Actor, anonymous, as_role, as_root, as_service, as_user
    from iamsim.testing.active import decisions
    from iamsim.testing.arranging import role, user
    from iamsim.testing.assertions import allowed_actions, assert_allowed, assert_denied
    from iamsim.testing.connecting import connect
    from iamsim.testing.expecting import expect_allowed, expect_denied
    from iamsim.testing.faults import deny, fail, throttle
    from iamsim.testing.matrix import assert_matrix
    from iamsim.testing.mfa import mfa_code
    from iamsim.testing.mock import mock_aws
    from iamsim.testing.network import from_network, vpc_endpoint
    from iamsim.testing.on_aws import in_container, on_instance
    from iamsim.testing.organizing import organization
    from iamsim.testing.saml import SamlProvider, saml_provider
    from iamsim.testing.soft import soft_iam_authentication
    from iamsim.testing.web_identity import IdentityProvider, identity_provider
    from iamsim.testing.would_be_denied import WouldBeDenied

__all__ = [
    "Actor",
    "IdentityProvider",
    "SamlProvider",
    "WouldBeDenied",
    "allowed_actions",
    "anonymous",
    "as_role",
    "as_root",
    "as_service",
    "as_user",
    "assert_allowed",
    "assert_denied",
    "assert_matrix",
    "connect",
    "decisions",
    "deny",
    "expect_allowed",
    "expect_denied",
    "fail",
    "from_network",
    "identity_provider",
    "in_container",
    "mfa_code",
    "mock_aws",
    "on_instance",
    "organization",
    "role",
    "saml_provider",
    "soft_iam_authentication",
    "throttle",
    "user",
    "vpc_endpoint",
]

_HOME = {
    "Actor": "acting",
    "IdentityProvider": "web_identity",
    "SamlProvider": "saml",
    "WouldBeDenied": "would_be_denied",
    "allowed_actions": "assertions",
    "anonymous": "acting",
    "as_role": "acting",
    "as_root": "acting",
    "as_service": "acting",
    "as_user": "acting",
    "assert_allowed": "assertions",
    "assert_denied": "assertions",
    "assert_matrix": "matrix",
    "connect": "connecting",
    "decisions": "active",
    "deny": "faults",
    "expect_allowed": "expecting",
    "expect_denied": "expecting",
    "fail": "faults",
    "from_network": "network",
    "identity_provider": "web_identity",
    "mfa_code": "mfa",
    "mock_aws": "mock",
    "organization": "organizing",
    "in_container": "on_aws",
    "on_instance": "on_aws",
    "role": "arranging",
    "saml_provider": "saml",
    "soft_iam_authentication": "soft",
    "throttle": "faults",
    "user": "arranging",
    "vpc_endpoint": "network",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module `iamsim.testing` has no attribute `{name}`", name=name, obj=sys.modules[__name__])
    value = getattr(import_module(f"iamsim.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
