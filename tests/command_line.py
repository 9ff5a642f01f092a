"""The command line as a test calls it: in this process, where rules and models are read once, or started anew as a user's shell does."""

from __future__ import annotations

import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import cli

ROOT = Path(__file__).parents[1]


def anjuan(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What the command printed and its exit code."""
    out, errors, command = StringIO(), StringIO(), ["anjuan", *map(str, arguments)]
    with redirect_stdout(out), redirect_stderr(errors), patch.object(sys, "argv", command):
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return subprocess.CompletedProcess(command, code, out.getvalue(), errors.getvalue())


def anew(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run([sys.executable, str(ROOT / "cli.py"), *map(str, arguments)], capture_output=True, text=True, timeout=300)
