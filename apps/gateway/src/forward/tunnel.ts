import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type AnsweredThrough, forwardedResponseHeaders } from '../message/forwarded-headers.ts';
import type { Forwarding } from './thin-forwarder.ts';

/** What tells the asker that the protocol is switched; the next hop's own such fields concerned its own connection. */
const SWITCHING = ['connection', 'Upgrade', 'upgrade', 'websocket'];

/**
 * Passes a WebSocket handshake on and joins the two connections once the next hop has switched protocols, never before:
 * what the asker sends early could else be read there as a second request with headers that nobody checked. Whatever else
 * the next hop answers is passed on as an ordinary answer, and the connection closes.
 */
export function openTunnel(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  forwarding: Forwarding,
  onError: (error: Error) => void,
): void {
  const { hop, path, headers, answer } = forwarding;
  let controller: Dispatcher.DispatchController | undefined;
  let isOpen = false;
  const gone = () => {
    if (!isOpen) controller?.abort(new Error('the asker went away'));
  };
  socket.on('error', () => socket.destroy());
  socket.once('close', gone);
  hop.dispatcher.dispatch(
    { path, headers, method: request.method ?? 'GET', upgrade: 'websocket', body: null },
    {
      onRequestStart(started) {
        controller = started;
        if (socket.destroyed) gone();
      },
      onRequestUpgrade(upgraded, _status, _parsed, other) {
        isOpen = true;
        const raw = textOf(upgraded.rawHeaders);
        socket.write(head101(raw, answer), 'latin1');
        if (head.length > 0) other.write(head);
        join(socket, other);
      },
      onResponseStart(started, status) {
        if (status < 200) return;
        isOpen = true;
        socket.write(headOf(status, textOf(started.rawHeaders), answer), 'latin1');
      },
      onResponseData(started, chunk) {
        if (socket.write(chunk)) return;
        started.pause();
        socket.once('drain', () => started.resume());
      },
      onResponseEnd: () => void socket.end(),
      onResponseError(_started, error) {
        if (isOpen || socket.destroyed) return void socket.destroy();
        onError(error);
      },
    },
  );
}

function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
    from.pipe(to);
  }
}

function head101(raw: string[], answer: AnsweredThrough): string {
  return lines(['HTTP/1.1 101 Switching Protocols'], [...SWITCHING, ...forwardedResponseHeaders(raw, answer)]);
}

function headOf(status: number, raw: string[], answer: AnsweredThrough): string {
  return lines([`HTTP/1.1 ${status} `], ['connection', 'close', ...forwardedResponseHeaders(raw, answer)]);
}

function lines(head: string[], fields: string[]): string {
  for (let i = 0; i + 1 < fields.length; i += 2) head.push(`${fields[i]}: ${fields[i + 1]}`);
  return `${head.join('\r\n')}\r\n\r\n`;
}

const textOf = (raw: Dispatcher.DispatchController['rawHeaders']) =>
  Array.isArray(raw) ? raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
