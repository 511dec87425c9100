"""The facts of the public API, and the tool that holds docs, stubs, code and tests to them."""
