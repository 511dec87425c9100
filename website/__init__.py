"""The documentation site, built from docs/, examples/ and the files beside the README."""
