"""Who calls, whose key it is, and what a refusal meant."""

from __future__ import annotations

from iamsim.kit import Call, NotMocked, Reply, account_of_access_key, error, operation, operation_on_whole_input
from iamsim.kit import decode_authorization_message as decoded

from .failures import ValidationError

InvalidAuthorizationMessage = error("InvalidAuthorizationMessageException")


@operation
def get_caller_identity(call: Call) -> Reply:
    """Needs no permission, and no policy can take it away (R-118)."""
    return {"UserId": call.principal.user_id, "Account": call.account, "Arn": call.principal.arn}


@operation
def get_access_key_info(call: Call, *, access_key_id: str) -> Reply:
    """The account of a key, whether or not there is such a key (A-62). Raises ValidationError if its id tells none."""
    credential = call.cloud.credentials.get(access_key_id)
    account = credential.principal.account if credential is not None else account_of_access_key(access_key_id)
    if account is None:
        raise ValidationError(f"The access key {access_key_id} does not exist.")
    return {"Account": account}


@operation
def decode_authorization_message(call: Call, *, encoded_message: str) -> Reply:
    """The decision in a message of EC2 and its kin, as JSON text. Raises InvalidAuthorizationMessageException."""
    try:
        return {"DecodedMessage": decoded(encoded_message)}
    except ValueError:
        raise InvalidAuthorizationMessage("The encoded authorization message is not valid.") from None


@operation_on_whole_input
def get_delegated_access_token(call: Call) -> Reply:
    """Always refused: AWS hands trade-in tokens out through products that are not simulated."""
    raise NotMocked("iamsim hands out no trade-in tokens, so that GetDelegatedAccessToken has nothing to trade in")
