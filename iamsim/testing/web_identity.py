"""OpenID Connect identity providers in a test: registered with IAM, with keys that sign the tokens they issue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from iamsim.errors import UsageError
from iamsim.published_keys import MISSING, issuer_name, publish_keys
from iamsim.testing.account_root import client_of_root
from iamsim.testing.acting import unchecked
from iamsim.testing.active import ACTIVE

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
BUILT_IN = frozenset({"accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com"})
AUDIENCE = "sts.amazonaws.com"
LIFETIME_S = 300
TAGS, SOURCE_IDENTITY = "https://aws.amazon.com/tags", "https://aws.amazon.com/source_identity"


class IdentityProvider:
    """One provider. `arn` is what a trust policy names as `Federated`; `key_set` is the JWKS that it publishes."""

    def __init__(self, url: str, arn: str, client_ids: Sequence[str], key_set: Mapping[str, Any], signer: Any) -> None:
        self.url = url
        self.arn = arn
        self.client_ids = list(client_ids)
        self.key_set = dict(key_set)
        self._signer = signer

    def __repr__(self) -> str:
        return f"<identity provider {self.url}>"

    @property
    def name(self) -> str:
        """What its condition keys begin with: `<name>:sub`."""
        return issuer_name(self.url)

    def token(
        self,
        sub: str | None,
        *,
        aud: str | Sequence[str] | None = None,
        expires_in_s: int = LIFETIME_S,
        tags: Mapping[str, str] | None = None,
        transitive_tag_keys: Sequence[str] = (),
        source_identity: str | None = None,
        **claims: Any,
    ) -> str:
        """A signed token about `sub`, for `aud` (by default the first client id).

        `claims` are added, or replace these; a claim that is None is left out.
        """
        if self._signer is None:
            raise UsageError(f"`{self.url}` was given only public keys (`key_set`): it cannot sign tokens")
        now = int(ACTIVE.simulator.cloud.clock.now())
        if aud is None:
            aud = self.client_ids[0] if self.client_ids else AUDIENCE
        body: dict[str, Any] = {"iss": self.url, "sub": sub, "aud": aud, "iat": now, "exp": now + expires_in_s}
        if tags:
            given = {"principal_tags": {key: [value] for key, value in tags.items()}}
            body[TAGS] = given | ({"transitive_tag_keys": list(transitive_tag_keys)} if transitive_tag_keys else {})
        if source_identity is not None:
            body[SOURCE_IDENTITY] = source_identity
        payload = {claim: value for claim, value in (body | claims).items() if value is not None}
        return str(self._signer.sign(payload))

    def rotate(self) -> None:
        """Publish another key and sign with that one from now on, as a provider does that has lost its old one."""
        if self._signer is None:
            raise UsageError(f"`{self.url}` was given only public keys (`key_set`): give it other ones")
        self._signer = _signer(self.url, self._signer.algorithm, self._signer.generation + 1)
        self.key_set = self._signer.key_set
        publish_keys(ACTIVE.simulator.cloud, self.url, self.key_set)


def identity_provider(
    url: str,
    *,
    client_ids: Sequence[str] = (AUDIENCE,),
    algorithm: str = "RS256",
    key_set: Mapping[str, Any] | str | Path | None = None,
    account: str | None = None,
) -> IdentityProvider:
    """Register the provider of that URL with IAM, and have tokens verified with its keys.

    The keys are made up, or are those of `key_set`: a JWKS, or a file with one. A provider that AWS has built in, such
    as `https://accounts.google.com`, is not registered. Needs `iamsim[federation]`.
    """
    if algorithm not in ALGORITHMS:
        raise UsageError(f"`algorithm` is `{algorithm}`: AWS takes {', '.join(ALGORITHMS)}")
    url = url if "://" in url else f"https://{url}"
    cloud = ACTIVE.simulator.cloud
    signer: Signer | None = None
    published: Mapping[str, Any]
    if key_set is None:
        signer = _signer(url, algorithm, 1)
        published = signer.key_set
    else:
        published = _read(key_set)
    publish_keys(cloud, url, published)
    arn = issuer_name(url)
    if arn not in BUILT_IN:
        arn = _register(url, client_ids, account or cloud.account)
    return IdentityProvider(url, arn, client_ids, published, signer)


def _register(url: str, client_ids: Sequence[str], account: str) -> str:
    iam = client_of_root("iam", account)
    with unchecked():
        try:
            made = iam.create_open_id_connect_provider(Url=url, ClientIDList=list(client_ids))
        except ClientError as error:
            refused = error.response["Error"]
            raise UsageError(f"identity_provider(`{url}`): {refused['Code']}: {refused['Message']}") from error
    return str(made["OpenIDConnectProviderArn"])


def _read(key_set: Mapping[str, Any] | str | Path) -> Mapping[str, Any]:
    if isinstance(key_set, Mapping):
        return key_set
    try:
        found = json.loads(Path(key_set).read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise UsageError(f"`key_set`: cannot read `{key_set}` as JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise UsageError(f"`key_set`: `{key_set}` is no JWKS, which is an object with `keys`")
    return found


class Signer:
    """A private key and the JWKS of its public half."""

    def __init__(self, jwt: Any, private_key: Any, algorithm: str, key_id: str, generation: int) -> None:
        self._jwt = jwt
        self._private_key = private_key
        self.algorithm = algorithm
        self.generation = generation
        self._key_id = key_id
        described = jwt.get_algorithm_by_name(algorithm).to_jwk(private_key.public_key(), as_dict=True)
        described.pop("key_ops", None)
        self.key_set = {"keys": [described | {"kid": key_id, "use": "sig", "alg": algorithm}]}

    def sign(self, payload: Mapping[str, Any]) -> Any:
        """The JSON Web Token with that payload, which need not be a valid one."""
        text = json.dumps(payload).encode()
        headers = {"kid": self._key_id, "typ": "JWT"}
        return self._jwt.PyJWS().encode(text, self._private_key, algorithm=self.algorithm, headers=headers)


@lru_cache(maxsize=64)
def _signer(url: str, algorithm: str, generation: int) -> Signer:
    """A key per provider and process: making an RSA key takes a while."""
    try:
        jwt: Any = import_module("jwt")
        elliptic: Any = import_module("cryptography.hazmat.primitives.asymmetric.ec")
        rsa: Any = import_module("cryptography.hazmat.primitives.asymmetric.rsa")
    except ImportError:
        raise UsageError(MISSING) from None
    curves = {"ES256": elliptic.SECP256R1, "ES384": elliptic.SECP384R1, "ES512": elliptic.SECP521R1}
    if algorithm in curves:
        key = elliptic.generate_private_key(curves[algorithm]())
    else:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Signer(jwt, key, algorithm, f"{issuer_name(url)}-{generation}", generation)
