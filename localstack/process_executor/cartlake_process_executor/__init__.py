"""LocalStack on this machine, without Docker: Lambda functions are Node.js processes, nothing leaves loopback."""

LOOPBACK = "127.0.0.1"
