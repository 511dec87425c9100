"""``python -m cross_auth``."""

import sys

from cross_auth._command import main

if __name__ == "__main__":
    sys.exit(main())
