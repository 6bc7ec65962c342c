"""What LocalStack and one Node.js process say to each other, whichever thread says it."""

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TypeVar

from .outcome import Outcome, exited, timed_out

T = TypeVar("T")


@dataclass(frozen=True)
class Invocation:
    """One call of the function and the outcome that somebody will give it."""

    request_id: str
    function_arn: str
    trace_id: str
    event: bytes
    deadline_ms: int
    outcome: "Future[Outcome]" = field(default_factory=Future)


class ProcessGone(Exception):
    """The process ended before it took the invocation, which another one may therefore serve."""

    def __init__(self, exit_status: int) -> None:
        super().__init__(f"exit status {exit_status}")
        self.exit_status = exit_status


class Conversation:
    """
    Each question (is the process ready, how did the invocation end) has one answer, the first: a response may
    race with the death of its process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: SimpleQueue[Invocation | None] = SimpleQueue()
        self._current: Invocation | None = None
        self._taken = False
        self._ready: Future[Outcome | None] = Future()
        self._exit_status: int | None = None

    def startup_failure(self, seconds: float) -> Outcome | None:
        """Waits until the function is loaded: None then, or why it is not."""
        try:
            return self._ready.result(seconds)
        except TimeoutError:
            return timed_out(None, seconds)

    def invoke(self, invocation: Invocation) -> Outcome | None:
        """Waits for the outcome; None when the function took longer than its timeout. May raise ProcessGone."""
        with self._lock:
            if self._exit_status is not None:
                raise ProcessGone(self._exit_status)
            self._current, self._taken = invocation, False
            self._waiting.put(invocation)
        try:
            return invocation.outcome.result(max(0.0, invocation.deadline_ms / 1000 - time.time()))
        except TimeoutError:
            return None

    def next_invocation(self) -> Invocation | None:
        """The process asks for work, so it is ready; None when there will be no more."""
        with self._lock:
            answer(self._ready, None)
        invocation = self._waiting.get()
        with self._lock:
            self._taken = True
        return invocation

    def finish(self, request_id: str, outcome: Outcome) -> None:
        """An answer to anything but the current invocation comes too late and is dropped."""
        with self._lock:
            if self._current is not None and self._current.request_id == request_id:
                answer(self._current.outcome, outcome.within_limit())

    def fail_startup(self, outcome: Outcome) -> None:
        with self._lock:
            answer(self._ready, outcome)

    def end(self, exit_status: int) -> None:
        """The process is gone."""
        with self._lock:
            self._exit_status = exit_status
            answer(self._ready, exited(None, exit_status))
            if self._current is not None and not self._taken:
                self._current.outcome.set_exception(ProcessGone(exit_status))
            elif self._current is not None:
                answer(self._current.outcome, exited(self._current.request_id, exit_status))
        self._waiting.put(None)


def answer(question: "Future[T]", value: T) -> None:
    """Call with the lock held: two answers at once would both find the question open."""
    if not question.done():
        question.set_result(value)
