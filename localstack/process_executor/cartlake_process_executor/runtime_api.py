"""The Lambda Runtime API over http on a free loopback port, for one process.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import LOOPBACK
from .conversation import Conversation, Invocation
from .outcome import Outcome

ANSWER = re.compile(r"/2018-06-01/runtime/invocation/([^/]+)/(response|error)")
NEXT = "/2018-06-01/runtime/invocation/next"
INIT_ERROR = "/2018-06-01/runtime/init/error"


class RuntimeApi(ThreadingHTTPServer):
    """Serves from its creation until close()."""

    daemon_threads = True

    def __init__(self, conversation: Conversation) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.conversation = conversation
        threading.Thread(target=self.serve_forever, args=(0.1,), name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A process that dies cuts its connection; everything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A response leaves in one packet and at once; otherwise each invocation waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: RuntimeApi

    def do_GET(self) -> None:
        if self.path != NEXT:
            return self.reply(404)
        invocation = self.server.conversation.next_invocation()
        if invocation is None:
            self.close_connection = True
        else:
            self.reply(200, invocation.event, headers_of(invocation))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == INIT_ERROR:
            self.server.conversation.fail_startup(Outcome(body, is_error=True))
        elif match := ANSWER.fullmatch(self.path):
            request_id, kind = match.groups()
            self.server.conversation.finish(request_id, Outcome(body, is_error=kind == "error"))
        else:
            return self.reply(404)
        self.reply(202)

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A line per request would drown LocalStack's log."""


def headers_of(invocation: Invocation) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
        "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
        "Lambda-Runtime-Trace-Id": invocation.trace_id,
    }
