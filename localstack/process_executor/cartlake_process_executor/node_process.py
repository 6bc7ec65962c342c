"""A Node.js process that has loaded one function."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

from .conversation import Conversation
from .runtime_api import RuntimeApi

RUNTIME_CLIENT = Path(__file__).with_name("runtime_client.mjs")


def node_executable() -> str | None:
    """The Node.js that functions run on, whatever runtime version they ask for."""
    return os.environ.get("CARTLAKE_LAMBDA_NODE") or shutil.which("node")


class NodeProcess:
    """Runs from its creation until close(), or until the function ends it."""

    def __init__(self, environment: dict[str, str], memory_mb: int, log: Path) -> None:
        self.conversation = Conversation()
        self._api = RuntimeApi(self.conversation)
        # Node.js writes to files synchronously: what a handler printed before its response stands in the log by then.
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [node_executable() or "node", f"--max-old-space-size={memory_mb}", str(RUNTIME_CLIENT)],
                env=environment | {"AWS_LAMBDA_RUNTIME_API": self._api.address},
                cwd=environment["LAMBDA_TASK_ROOT"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A group of its own, so that what the handler started ends with it.
                start_new_session=True,
            )
        threading.Thread(target=self._report_end, name="lambda-process", daemon=True).start()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Kills the process and all it started. May be called again."""
        self.kill()
        self._process.wait()
        self._api.close()

    def kill(self) -> None:
        """Kills the process and all it started, whatever it does now; who waits for its answer hears of that."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _report_end(self) -> None:
        self.conversation.end(self._process.wait())
