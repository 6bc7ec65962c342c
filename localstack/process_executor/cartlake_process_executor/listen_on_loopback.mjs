// Preloaded into a server that has no setting for its address: whatever it asks for, it listens on 127.0.0.1.
import { Server } from 'node:net';

const HOST = '127.0.0.1';
const listen = Server.prototype.listen;

Server.prototype.listen = function listenOnLoopback(...args) {
    const done = args.findLast((argument) => typeof argument === 'function');
    const [first] = args;
    const options =
        typeof first === 'object' && first !== null ? { ...first, host: HOST } : { port: first, host: HOST };
    return listen.call(this, options, done);
};
