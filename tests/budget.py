"""How much the tests do: a little for `make check`, more for `make check-thorough`."""

import os

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
KILLS = 50 if THOROUGH else 8
DEAD_SESSIONS = 1_000_000 if THOROUGH else 100_000
