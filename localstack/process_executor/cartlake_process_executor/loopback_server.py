"""LocalStack's web server, on the loopback interface only."""

from typing import Any

from localstack.config import HostAndPort
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor as twisted_reactor
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.error import CannotListenError
from twisted.python.failure import Failure

from . import LOOPBACK

reactor: Any = twisted_reactor


class LoopbackServer(TwistedRuntimeServer):
    """
    The server this one extends takes only the port from GATEWAY_LISTEN and opens it to the whole network.
    Plain http: clients of this machine need no certificate.
    """

    def register(self, gateway: Gateway, listen: list[HostAndPort], ssl_creds: tuple[str, str] | None = None) -> None:
        site = TwistedGateway(gateway)
        for port in {address.port for address in listen}:
            TCP4ServerEndpoint(reactor, port, interface=LOOPBACK).listen(site).addErrback(give_up)


def give_up(failure: Failure) -> None:
    """A server that cannot listen would otherwise idle for ever and call itself ready."""
    failure.trap(CannotListenError)
    print(f"Cannot listen: {failure.getErrorMessage()}", flush=True)
    reactor.callWhenRunning(reactor.stop)
