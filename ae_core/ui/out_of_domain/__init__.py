"""The sections of the page Out of domain, one file each."""
