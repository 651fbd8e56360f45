"""Regions that an account must opt in to, where tokens of STS's global endpoint are not valid (version 1).

Source: IAM User Guide, id_credentials_temp_enable-regions; Account Management Guide, manage-acct-regions.
"""

OPT_IN_REGIONS = frozenset(
    {
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
        *("ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1"),
        *("me-central-1", "me-south-1", "mx-central-1"),
    }
)
