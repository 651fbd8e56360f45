"""Outbound web identity federation: whether STS hands out tokens about an account's principals, and who issues them."""

from __future__ import annotations

from iamsim.kit import Call, Reply, error, operation

from .account import account_of

FeatureEnabled = error("FeatureEnabled")
FeatureDisabled = error("FeatureDisabled")


@operation
def enable_outbound_web_identity_federation(call: Call) -> Reply:
    """The issuer is made once and stays the account's. Raises FeatureEnabled if it is enabled already."""
    account = account_of(call)
    if account.vends_tokens:
        raise FeatureEnabled("Outbound web identity federation is already enabled for this account.")
    if not account.token_issuer:
        account.token_issuer = f"https://{call.clock.new_id()}.tokens.sts.global.api.aws"
    account.vends_tokens = True
    return {"IssuerIdentifier": account.token_issuer}


@operation
def disable_outbound_web_identity_federation(call: Call) -> None:
    """Raises FeatureDisabled if it is disabled already."""
    account = account_of(call)
    if not account.vends_tokens:
        raise FeatureDisabled("Outbound web identity federation is already disabled for this account.")
    account.vends_tokens = False


@operation
def get_outbound_web_identity_federation_info(call: Call) -> Reply:
    """Raises FeatureDisabled while it is disabled."""
    account = account_of(call)
    if not account.vends_tokens:
        raise FeatureDisabled("Outbound web identity federation is not enabled for this account.")
    return {"IssuerIdentifier": account.token_issuer, "JwtVendingEnabled": True}
