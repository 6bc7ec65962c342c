/** What `node:http` exports of Node's client of web sockets, each loaded when it is first asked for. */
const OF_WEB_SOCKETS = ['WebSocket', 'CloseEvent', 'MessageEvent'];

/**
 * Takes web sockets out of `node:http`, in this process. An import asks a built-in module for everything it exports, so
 * whoever imports the texts of HTTP's status codes, as Middy does, loads that client as well: 75 modules, 20 ms and
 * 11 MB (https://github.com/nodejs/node/issues/59686). Nothing here speaks through web sockets; the global `WebSocket`
 * stays. Has to be called before the first import of `node:http`.
 */
export function leaveOutWebSockets(): void {
    const http = process.getBuiltinModule('node:http');
    for (const name of OF_WEB_SOCKETS) Reflect.deleteProperty(http, name);
}
