"""Build the documentation site: `python -m website` writes it to build/site, and fails where it has a problem."""

import sys
from pathlib import Path

from website.build import build

ROOT = Path(__file__).parent.parent

if __name__ == "__main__":
    sys.exit("\n".join(build(ROOT, ROOT / "build")) or None)
