"""The storages that come with the library, one module a backend."""
