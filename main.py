"""Fall Line: see gradient descent. Hands over to app.cli, once the Python version is known to be right."""

import sys

from app.start import prerequisites

if __name__ == "__main__":
    prerequisites.require_python()
    try:
        from app.cli import main
    except ImportError as error:
        prerequisites.leave(prerequisites.explain_import_error(error))
    except KeyboardInterrupt:
        sys.exit(130)

    sys.exit(main())
