"""The service mocks, one folder each; found and loaded by name by `iamsim.kit.loader`, never imported by hand."""

if __name__ != "iamsim.mocks":
    raise ImportError(
        f"import this package as `iamsim.mocks`, not as `{__name__}`: two names would mean two copies of the state"
    )
