"""Login profiles, and the account's password policy that they must fit. Source: IAM API reference."""

from __future__ import annotations

from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .account import Account, account_of
from .failures import AccessDenied, EntityAlreadyExists, NoSuchEntity, ValidationError
from .user import LoginProfile, User, calling_user, is_about_root, user_meant

PasswordPolicyViolation = error("PasswordPolicyViolation")

SYMBOLS = frozenset("!@#$%^&*()_+-=[]{}|'")
MIN_LENGTH = 6
MIN_LENGTH_WITHOUT_POLICY = 8


@operation
def create_login_profile(call: Call, *, password: str | None = None, password_reset_required: bool = False) -> Reply:
    """Raises EntityAlreadyExists, PasswordPolicyViolation."""
    user = user_meant(call)
    if user.login_profile is not None:
        raise EntityAlreadyExists(f"Login Profile for user {user.name} already exists.")
    if password is None:
        raise ValidationError("Password is required.")
    _check(account_of(call), password)
    user.login_profile = LoginProfile(password, call.clock.now(), password_reset_required)
    return {"LoginProfile": _described(user, user.login_profile)}


@operation
def get_login_profile(call: Call) -> Reply:
    if is_about_root(call):
        raise NoSuchEntity(f"Login Profile for User {call.account} cannot be found.")
    user = user_meant(call)
    return {"LoginProfile": _described(user, _profile(user))}


@operation
def update_login_profile(
    call: Call, user: User, *, password: str | None = None, password_reset_required: bool | None = None
) -> None:
    profile = _profile(user)
    if password is not None:
        _check(account_of(call), password)
        profile.password = password
    if password_reset_required is not None:
        profile.is_reset_required = password_reset_required


@operation
def delete_login_profile(call: Call) -> None:
    user = user_meant(call)
    _profile(user)
    user.login_profile = None


@operation
def change_password(call: Call, *, old_password: str, new_password: str) -> None:
    """The caller's own password. Raises AccessDenied if the old one is wrong."""
    user = calling_user(call)
    if user is None or user.login_profile is None or user.login_profile.password != old_password:
        raise AccessDenied("The old password was incorrect.")
    _check(account_of(call), new_password)
    user.login_profile.password, user.login_profile.is_reset_required = new_password, False


@operation
def update_account_password_policy(
    call: Call,
    *,
    minimum_password_length: int = MIN_LENGTH,
    require_symbols: bool = False,
    require_numbers: bool = False,
    require_uppercase_characters: bool = False,
    require_lowercase_characters: bool = False,
    allow_users_to_change_password: bool = False,
    max_password_age: int | None = None,
    password_reuse_prevention: int | None = None,
    hard_expiry: bool = False,
) -> None:
    """The whole policy: what is left out gets its default."""
    policy: dict[str, Any] = {
        "MinimumPasswordLength": minimum_password_length,
        "RequireSymbols": require_symbols,
        "RequireNumbers": require_numbers,
        "RequireUppercaseCharacters": require_uppercase_characters,
        "RequireLowercaseCharacters": require_lowercase_characters,
        "AllowUsersToChangePassword": allow_users_to_change_password,
        "ExpirePasswords": bool(max_password_age),
    }
    if max_password_age:
        policy |= {"MaxPasswordAge": max_password_age, "HardExpiry": hard_expiry}
    if password_reuse_prevention:
        policy["PasswordReusePrevention"] = password_reuse_prevention
    account_of(call).password_policy = policy


@operation
def get_account_password_policy(call: Call) -> Reply:
    return {"PasswordPolicy": _policy(call)}


@operation
def delete_account_password_policy(call: Call) -> None:
    _policy(call)
    account_of(call).password_policy = None


def _policy(call: Call) -> dict[str, Any]:
    policy = account_of(call).password_policy
    if policy is None:
        raise NoSuchEntity(f"The Password Policy with domain name {call.account} cannot be found.")
    return policy


def _profile(user: User) -> LoginProfile:
    if user.login_profile is None:
        raise NoSuchEntity(f"Login Profile for User {user.name} cannot be found.")
    return user.login_profile


def _check(account: Account, password: str) -> None:
    policy = account.password_policy or {"MinimumPasswordLength": MIN_LENGTH_WITHOUT_POLICY}
    if len(password) < policy["MinimumPasswordLength"]:
        raise PasswordPolicyViolation(f"Password should have a minimum length of {policy['MinimumPasswordLength']}")
    for name, has, what in (
        ("RequireSymbols", any(c in SYMBOLS for c in password), "symbol"),
        ("RequireNumbers", any(c.isdigit() for c in password), "number"),
        ("RequireUppercaseCharacters", any(c.isupper() for c in password), "uppercase letter"),
        ("RequireLowercaseCharacters", any(c.islower() for c in password), "lowercase letter"),
    ):
        if policy.get(name) and not has:
            raise PasswordPolicyViolation(f"Password should have at least one {what}")


def _described(user: User, profile: LoginProfile) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "CreateDate": int(profile.created_at),
        "PasswordResetRequired": profile.is_reset_required,
    }
