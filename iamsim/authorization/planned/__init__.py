"""What operations must be allowed that AWS's reference cannot say by itself: per service, a function per operation.

A module is `<service>_rules.py` with botocore's name of the service; a function has the operation's name in snake case
and gives the main checks. Tags, iam:PassRole and KMS follow by themselves. `keys` gives condition keys of every call.
"""
