"""How an invocation ends, in the words AWS uses: state machines route on these error types."""

import json
import signal
from dataclasses import dataclass

MAX_RESPONSE_BYTES = 6_291_556
"""6 MiB and 100 bytes: the limit of a synchronous response that AWS names in its error message."""


@dataclass(frozen=True)
class Outcome:
    """The response of a function, or the JSON document of its error."""

    payload: bytes
    is_error: bool

    def within_limit(self) -> "Outcome":
        """Itself, or the error AWS answers with instead of a response above the limit."""
        if len(self.payload) <= MAX_RESPONSE_BYTES:
            return self
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        return failed("Function.ResponseSizeTooLarge", message)


def failed(error_type: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), is_error=True)


def timed_out(request_id: str | None, seconds: float) -> Outcome:
    return failed("Sandbox.Timedout", about(request_id, f"Task timed out after {seconds:.2f} seconds"))


def exited(request_id: str | None, status: int) -> Outcome:
    """`status` as subprocess reports it: the negative number of the signal that ended the process, or its exit code."""
    return failed("Runtime.ExitError", about(request_id, f"Runtime exited {describe_exit(status)}"))


def about(request_id: str | None, message: str) -> str:
    """A function that ends while it is loaded has no request yet."""
    return f"Error: {message}" if request_id is None else f"RequestId: {request_id} Error: {message}"


def describe_exit(status: int) -> str:
    if status < 0:
        return f"with error: signal: {(signal.strsignal(-status) or str(-status)).lower()}"
    return f"with error: exit status {status}" if status else "without providing a reason"
