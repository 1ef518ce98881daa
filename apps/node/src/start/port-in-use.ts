import { randomBytes } from 'node:crypto';
import { pingbackReplySchema, shortId } from '@kith/wire';
import { localUrl } from '../local-url.ts';
import { plainLine } from '../output/plain-text.ts';
import type { NodeValues } from '../settings.ts';
import { portHolder } from './port-holder.ts';

/** What to tell the person whose node cannot listen on `port`: who has it, as far as can be known, and what to do. */
export async function portInUseText(values: NodeValues, port: number): Promise<string> {
  const which = [
    { port: values.pingbackPort, what: 'pingback', variable: 'KITH_PINGBACK_PORT' },
    { port: values.gatewayPort, what: 'gateway', variable: 'KITH_GATEWAY_PORT' },
    { port: values.exchangePort, what: 'exchange', variable: 'KITH_EXCHANGE_PORT' },
  ].find((one) => one.port === port);
  const [holder, node] = await Promise.all([portHolder(port), kithAt(values)]);
  const who = holder
    ? `process ${holder.pid}${holder.command ? ` (${plainLine(holder.command)})` : ''}`
    : 'another program';
  const lines = [`Port ${port}${which ? ` (${which.what})` : ''} is in use by ${who}.`];
  if (node) {
    lines.push(
      `A Kith node runs here already: ${node}. Its page is most likely ${localUrl({ bind: values.bind, port: values.gatewayPort })}/.`,
      'To run this one in its place, stop that one first (Ctrl-C in its window, or end the process).',
    );
  } else if (which?.what === 'pingback') {
    lines.push(
      'Stop that program (VNC viewers use this port too), or move the whole group of nodes: the pingback port must be the',
      'same on all of them. For example: npm start -- --pingback-port 5900',
    );
  } else if (which) {
    lines.push(`Stop that program, or choose another port with ${which.variable}, for example ${port + 100}.`);
  }
  return lines.join('\n');
}

/** The node that answers on this machine's pingback port; its word is not checked, for it is only shown. */
async function kithAt({ bind, pingbackPort }: NodeValues): Promise<string | undefined> {
  try {
    const nonce = randomBytes(16).toString('base64url');
    const answer = await fetch(`${localUrl({ bind, port: pingbackPort })}/?nonce=${nonce}`, {
      signal: AbortSignal.timeout(1000),
      redirect: 'error',
    });
    if (Number(answer.headers.get('content-length') ?? 0) > 4096) return undefined;
    const reply = pingbackReplySchema.parse(await answer.json());
    return `${plainLine(reply.name)} (${shortId(reply.id)})`;
  } catch {
    return undefined;
  }
}
