import type { IncomingMessage } from 'node:http';

/** Gives a request up when nothing of its body comes for `ms`; what is done after the body may take as long as it takes. */
export function giveUpWhenSilent(request: IncomingMessage, ms: number): void {
  const { socket } = request;
  const giveUp = () => request.destroy();
  const end = () => {
    socket.setTimeout(0);
    socket.off('timeout', giveUp);
  };
  if (request.readableEnded) return;
  socket.setTimeout(ms).on('timeout', giveUp);
  request.once('end', end).once('close', end);
}
