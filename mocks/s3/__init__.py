"""Amazon S3: general purpose buckets and their objects.

A `bucket` has `contents`, the versions (`object_version`) of its keys (`sorted_keys`), and each `upload` that goes
on. `management` makes and lists buckets; `configuration` has all that is put and got whole, checked by
`document_checks` and `lifecycle`; `policy`, `versioning`, `object_lock` and `access_control` are more than that.
Objects are written (`writing`, `copying`, `multipart`, each from a `draft` of what the headers say), read (`reading`,
`attributes`), listed (`listing`, `version_listing`, `upload_listing`) and deleted (`deleting`); `expiry` tells what
lifecycle rules mean to do. `access` says what must be allowed, with the policies that `permission` finds and the keys
of `condition_keys`.
"""
