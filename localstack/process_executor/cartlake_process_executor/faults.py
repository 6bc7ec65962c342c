"""Failures that a test asks for, between Lambda and a function: the function's own code knows nothing of them."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER = "CARTLAKE_FAULTS"
"""Names a folder with one file for each fault, `<function>.<number>.<kind>`. Without it nothing ever fails."""


@dataclass(frozen=True)
class Fault:
    """
    `crash-before` ends the process before it gets the invocation, `crash-during` kills it in the middle of its work,
    `crash-after` ends it when it has done its work and before anybody hears of it; `timeout` and `throttle` are answers of Lambda itself; `hold` waits until its file is removed.
    """

    kind: str
    file: Path

    def wait(self) -> None:
        while self.file.exists():
            time.sleep(0.05)


def take_fault(function_name: str) -> Fault | None:
    """The next fault of a function; each is given once. Its file moves into the folder `taken`."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    for file in sorted(Path(folder).glob(f"{function_name}.*.*")):
        taken = Path(folder) / "taken" / file.name
        # Another environment of the function may be quicker.
        with contextlib.suppress(FileNotFoundError):
            file.rename(taken)
            return Fault(file.suffix.removeprefix("."), taken)
    return None
