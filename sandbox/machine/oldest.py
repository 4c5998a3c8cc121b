"""Importing this ends an old Python with a sentence, or goes on as a newer one that is installed beside it.

Written so that every Python since 2.7 can read it; the files imported after it need not be.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for minor in range(20, 10, -1):
            newer = os.path.join(folder, "python3." + str(minor))  # noqa: PTH118
            if os.access(newer, os.X_OK):
                os.execv(newer, [newer] + sys.argv)  # noqa: RUF005, S606
    sys.stderr.write("Zuke needs Python 3.11 or newer, and this is Python " + sys.version.split()[0] + ". Install a newer one and start again.\n")
    sys.exit(1)
