"""The engine without a browser: `python -m ae_core train`, `python -m ae_core bench`."""

import sys

from ae_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
