"""What LocalStack finds through this package's entry points. Imports wait until a plugin is chosen."""

from typing import TYPE_CHECKING

from localstack.runtime.server.core import RuntimeServerPlugin
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin

if TYPE_CHECKING:
    from .executor import ProcessExecutor
    from .loopback_server import LoopbackServer


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """LAMBDA_RUNTIME_EXECUTOR=process"""

    name = "process"

    def load(self, *_args: object, **_kwargs: object) -> "type[ProcessExecutor]":
        from .executor import ProcessExecutor

        return ProcessExecutor


class LoopbackServerPlugin(RuntimeServerPlugin):
    """GATEWAY_SERVER=loopback"""

    name = "loopback"

    def load(self, *_args: object, **_kwargs: object) -> "LoopbackServer":
        from .loopback_server import LoopbackServer

        return LoopbackServer()
