/**
 * A hostile signalling server: a proxy in front of the real server that reads, changes, repeats, delays, drops and
 * invents messages. It has what such a server has: no invite.
 */
import { createServer, request, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocket, WebSocketServer, type RawData } from 'ws';

/** Replaces one message. Returns what the proxy forwards instead, in order. */
export type Tamper = (
  message: string,
  direction: 'to-server' | 'to-browser',
  say: (message: string) => void,
) => readonly string[];

export interface HostileServer {
  readonly address: string;
  /** Honest by default. */
  tamper: Tamper;
  /** Every message that crossed, for an attacker who keeps them. */
  readonly seen: string[];
  /** Sends an unsolicited message to every browser. */
  shout(message: string): void;
  /** Breaks every connection; browsers reconnect. */
  cut(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param target gives the address of the real server */
export function createHostileServer(target: () => string): HostileServer {
  const http = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const { hostname, port } = new URL(target());
    const outgoing = request({ host: hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  const sockets = new Set<WebSocket>();
  const hostile = control(http, sockets);
  const upgrades = new WebSocketServer({ noServer: true });
  http.on('upgrade', (incoming, socket, head) => {
    upgrades.handleUpgrade(incoming, socket, head, (browser) => {
      const { host = '', origin = '' } = incoming.headers;
      const url = `ws://${new URL(target()).host}${incoming.url ?? '/'}`;
      join(hostile, sockets, browser, new WebSocket(url, { headers: { host, origin } }));
    });
  });
  return hostile;
}

function control(http: HttpServer, sockets: Set<WebSocket>): HostileServer {
  return {
    get address() {
      return `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/`;
    },
    tamper: (message) => [message],
    seen: [],
    shout: (message) => {
      for (const socket of sockets) socket.send(message);
    },
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    start: async () => {
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
    },
    stop: async () => {
      for (const socket of sockets) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

function join(hostile: HostileServer, sockets: Set<WebSocket>, browser: WebSocket, hub: WebSocket): void {
  sockets.add(browser);
  const waiting: string[] = [];
  const toHub = (message: string): void =>
    void (hub.readyState === WebSocket.OPEN ? hub.send(message) : waiting.push(message));
  const toBrowser = (message: string): void => {
    if (browser.readyState === WebSocket.OPEN) browser.send(message);
  };
  hub.on('open', () => {
    for (const message of waiting.splice(0)) hub.send(message);
  });
  browser.on('message', (data) => {
    const message = textOf(data);
    hostile.seen.push(message);
    for (const instead of hostile.tamper(message, 'to-server', toHub)) toHub(instead);
  });
  hub.on('message', (data) => {
    const message = textOf(data);
    hostile.seen.push(message);
    for (const instead of hostile.tamper(message, 'to-browser', toBrowser)) toBrowser(instead);
  });
  browser.on('close', () => {
    sockets.delete(browser);
    hub.close();
  });
  hub.on('close', () => browser.close());
  hub.on('error', () => browser.close());
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8');
}
