"""What a function printed, as the log lines LocalStack sends to CloudWatch."""

import math
from pathlib import Path


class OutputLog:
    """A file that all processes of one environment append to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._start = 0
        path.touch()

    def begin(self) -> None:
        """The next report starts here. What came between two invocations is in neither report."""
        self._start = self._size()

    def whole(self) -> str:
        return self._read(0)

    def report(self, request_id: str, version: str, elapsed_ms: float, memory_mb: int) -> str:
        """The output since begin(), between the lines AWS writes around it. Memory use is not measured."""
        return "\n".join(
            [
                f"START RequestId: {request_id} Version: {version}",
                self._read(self._start).rstrip("\n"),
                f"END RequestId: {request_id}",
                f"REPORT RequestId: {request_id}\tDuration: {elapsed_ms:.2f} ms\t"
                f"Billed Duration: {math.ceil(elapsed_ms)} ms\tMemory Size: {memory_mb} MB\t"
                f"Max Memory Used: {memory_mb} MB",
                "",
            ]
        )

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _read(self, start: int) -> str:
        if not self.path.exists():
            return ""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace")
