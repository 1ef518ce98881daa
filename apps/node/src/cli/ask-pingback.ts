import { randomBytes } from 'node:crypto';
import { verifyPingback } from '@kith/identity';
import { PINGBACK_MAX_BYTES, type PingbackReply, pingbackReplySchema } from '@kith/wire';

const TIMEOUT_MS = 3000;

/** Asks a pingback port once, as the scanner does; the reply if it is proven, else what was wrong with it. */
export async function askPingback(address: string, port: number): Promise<PingbackReply | string> {
  const nonce = randomBytes(16).toString('base64url');
  const host = address.includes(':') ? `[${address}]` : address;
  let text: string;
  try {
    const answer = await fetch(`http://${host}:${port}/?nonce=${nonce}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    if (!answer.headers.get('content-type')?.startsWith('application/json')) {
      await answer.body?.cancel();
      return `it answered with ${answer.headers.get('content-type') ?? 'no content type'}, so it is another program`;
    }
    text = await limited(answer.body);
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    return cause instanceof Error ? cause.message : (error as Error).message;
  }
  const reply = pingbackReplySchema.safeParse(parsed(text));
  if (!reply.success) return 'its answer does not follow the protocol of this version';
  const verdict = verifyPingback(reply.data, { nonce, address });
  return verdict === 'ok' ? reply.data : `its identity is not proven (${verdict})`;
}

async function limited(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > PINGBACK_MAX_BYTES) throw new Error('its answer is too long for a pingback');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
