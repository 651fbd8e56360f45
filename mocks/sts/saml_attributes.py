"""Which condition keys the attributes of a SAML assertion become.

Source: IAM User Guide, id_roles_providers_create_saml_assertions#saml-attribute-mapping; context-keys section 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

EDU_PERSON, EDU_ORG = "1.3.6.1.4.1.5923.1.1.1.", "1.3.6.1.4.1.5923.1.2.1."
CLAIMS, MORE_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/", "http://schemas.xmlsoap.org/claims/"

# Attribute -> condition key without `saml:`. Object identifiers may be written with `urn:oid:` in front.
KEYS = {
    f"{EDU_PERSON}1": "edupersonaffiliation",
    f"{EDU_PERSON}2": "edupersonnickname",
    f"{EDU_PERSON}3": "edupersonorgdn",
    f"{EDU_PERSON}4": "edupersonorgunitdn",
    f"{EDU_PERSON}5": "edupersonprimaryaffiliation",
    f"{EDU_PERSON}6": "edupersonprincipalname",
    f"{EDU_PERSON}7": "edupersonentitlement",
    f"{EDU_PERSON}8": "edupersonprimaryorgunitdn",
    f"{EDU_PERSON}9": "edupersonscopedaffiliation",
    f"{EDU_PERSON}10": "edupersontargetedid",
    f"{EDU_PERSON}11": "edupersonassurance",
    f"{EDU_ORG}2": "eduorghomepageuri",
    f"{EDU_ORG}3": "eduorgidentityauthnpolicyuri",
    f"{EDU_ORG}4": "eduorglegalname",
    f"{EDU_ORG}5": "eduorgsuperioruri",
    f"{EDU_ORG}6": "eduorgwhitepagesuri",
    "2.5.4.3": "cn",
    "2.5.4.4": "surname",
    "2.5.4.42": "givenName",
    "2.5.4.45": "x500UniqueIdentifier",
    "0.9.2342.19200300.100.1.1": "uid",
    "0.9.2342.19200300.100.1.3": "mail",
    "0.9.2342.19200300.100.1.45": "organizationStatus",
    f"{CLAIMS}name": "name",
    f"{CLAIMS}givenname": "givenName",
    f"{CLAIMS}surname": "surname",
    f"{CLAIMS}emailaddress": "mail",
    f"{MORE_CLAIMS}CommonName": "commonName",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "primaryGroupSID",
}
SINGLE = frozenset(
    {
        *("edupersonorgdn", "edupersonprimaryaffiliation", "edupersonprimaryorgunitdn", "edupersonprincipalname"),
        *("givenName", "mail", "name", "organizationStatus", "primaryGroupSID", "surname", "uid"),
        "x500UniqueIdentifier",
    }
)


def attribute_keys(attributes: Mapping[str, Sequence[str]]) -> dict[str, str | list[str]]:
    """The condition keys, of which those that AWS's page calls lists are multivalued."""
    keys: dict[str, str | list[str]] = {}
    for name, values in attributes.items():
        key = KEYS.get(name.removeprefix("urn:oid:"))
        if key is not None and values:
            keys[f"saml:{key}"] = values[0] if key in SINGLE else list(values)
    return keys
