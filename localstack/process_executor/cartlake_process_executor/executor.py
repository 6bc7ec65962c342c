"""The execution environment of LocalStack's Lambda as a Node.js process with folders of its own."""

import contextlib
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from . import LOOPBACK
from .conversation import Invocation, ProcessGone
from .faults import take_fault
from .function_environment import archives_of, complete_environment
from .node_process import NodeProcess, node_executable
from .outcome import Outcome, exited, failed, timed_out
from .output_log import OutputLog

# LocalStack gives up on its own after LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT, with an error that no AWS client knows.
STARTUP_SECONDS = max(1, config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT - 5)

# Sooner than most calls of a stage have read their documents, computed and written.
INTO_THE_WORK_SECONDS = 0.05


class ProcessExecutor(RuntimeExecutor):
    """LocalStack gives each environment one invocation at a time; stop() may come from another thread meanwhile."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._folder = Path(tempfile.mkdtemp(prefix="lambda-"))
        self._log = OutputLog(self._folder / "output.log")
        self._environment: dict[str, str] = {}
        self._lock = threading.Lock()
        self._node: NodeProcess | None = None
        self._stopped = False

    def start(self, env_vars: dict[str, str]) -> None:
        self._environment = complete_environment(env_vars, self.function_version, self._folder)
        failure = self._spawn()
        if failure is not None:
            raise StatusErrorException(failure.payload.decode(errors="replace"), payload=failure.payload)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id, began = payload["invoke-id"], time.monotonic()
        self._log.begin()
        outcome = self._serve_or_fail(payload)
        elapsed_ms = (time.monotonic() - began) * 1000
        version = self.function_version
        logs = self._log.report(request_id, version.id.qualifier, elapsed_ms, version.config.memory_size)
        return InvocationResult(request_id, outcome.payload, outcome.is_error, logs)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._close_node()
        shutil.rmtree(self._folder, ignore_errors=True)

    def get_logs(self) -> str:
        return self._log.whole()

    def get_address(self) -> str:
        return LOOPBACK

    def get_endpoint_from_executor(self) -> str:
        return LOOPBACK

    def get_runtime_endpoint(self) -> str:
        return ""

    @classmethod
    def validate_environment(cls) -> bool:
        return node_executable() is not None

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        runtime = function_version.config.runtime
        if not (runtime or "").startswith("nodejs"):
            raise ValueError(
                f"Without Docker, functions run as Node.js processes: expected a nodejs runtime, "
                f"found {runtime or 'a container image'}. Start LocalStack with Docker for this function."
            )
        for archive in archives_of(function_version):
            archive.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """The code's folder belongs to LocalStack, which removes it."""

    def _serve_or_fail(self, payload: dict[str, str]) -> Outcome:
        """What the function answers, unless a test asked for a failure."""
        fault = take_fault(self.function_version.id.function_name)
        if fault is None:
            return self._serve(payload)
        if fault.kind == "throttle":
            return failed("Lambda.TooManyRequestsException", "Rate Exceeded.")
        if fault.kind == "hold":
            fault.wait()
            return self._serve(payload)
        if fault.kind == "crash-during":
            return self._serve_until_killed(payload)
        if fault.kind == "crash-after":
            self._serve(payload)
        with self._lock:
            self._close_node()
        if fault.kind == "timeout":
            return timed_out(payload["invoke-id"], self.function_version.config.timeout)
        return exited(payload["invoke-id"], -signal.SIGKILL)

    def _serve(self, payload: dict[str, str]) -> Outcome:
        """A process may be about to end, by an error after its last response: then a second one gets the invocation."""
        exit_status = 0
        for _ in range(2):
            failure = self._spawn_if_gone()
            if failure is not None:
                return failure
            try:
                return self._run(payload)
            except ProcessGone as gone:
                exit_status = gone.exit_status
        return exited(payload["invoke-id"], exit_status)

    def _serve_until_killed(self, payload: dict[str, str]) -> Outcome:
        """Work that is done sooner than that dies with its process, and nobody hears of it."""
        failure = self._spawn_if_gone()
        node = self._node
        if failure is not None or node is None:
            return failure or exited(payload["invoke-id"], -signal.SIGKILL)
        killer = threading.Timer(INTO_THE_WORK_SECONDS, node.kill)
        killer.start()
        with contextlib.suppress(ProcessGone):
            self._run(payload)
        killer.cancel()
        with self._lock:
            self._close_node()
        return exited(payload["invoke-id"], -signal.SIGKILL)

    def _spawn_if_gone(self) -> Outcome | None:
        """A process that timed out or died is replaced by the next invocation; a failure to load is its outcome."""
        return None if self._node is not None and self._node.is_running() else self._spawn()

    def _spawn(self) -> Outcome | None:
        with self._lock:
            self._close_node()
            if self._stopped:
                return failed("Runtime.ExitError", "The execution environment was stopped meanwhile")
            self._node = node = NodeProcess(self._environment, self.function_version.config.memory_size, self._log.path)
        failure = node.conversation.startup_failure(STARTUP_SECONDS)
        if failure is not None:
            with self._lock:
                self._close_node()
        return failure

    def _run(self, payload: dict[str, str]) -> Outcome:
        timeout = self.function_version.config.timeout
        invocation = Invocation(
            request_id=payload["invoke-id"],
            function_arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            event=payload["payload"].encode(),
            deadline_ms=int((time.time() + timeout) * 1000),
        )
        node = self._node
        outcome = node.conversation.invoke(invocation) if node else None
        if outcome is None:
            with self._lock:
                self._close_node()
            return timed_out(invocation.request_id, timeout)
        return outcome

    def _close_node(self) -> None:
        if self._node is not None:
            self._node.close()
            self._node = None
