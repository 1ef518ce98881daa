import { randomBytes } from 'node:crypto';
import { verifyPingback } from '@kith/identity';
import { PINGBACK_MAX_BYTES, type PingbackReply, pingbackReplySchema } from '@kith/wire';

const TIMEOUT_MS = 3000;

/** What a pingback port said. */
export interface Pingback {
  /** The reply if it is proven, else what was wrong with it. */
  readonly reply: PingbackReply | string;
  /** How far the other machine's clock is ahead of ours by its `Date`, in ms: a claim that nothing proves. */
  readonly aheadMs?: number;
}

/** Asks a pingback port once, as the scanner does. */
export async function askPingback(address: string, port: number): Promise<Pingback> {
  const nonce = randomBytes(16).toString('base64url');
  const host = address.includes(':') ? `[${address}]` : address;
  let text: string;
  let aheadMs: number | undefined;
  try {
    const answer = await fetch(`http://${host}:${port}/?nonce=${nonce}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    aheadMs = aheadOf(answer);
    if (!answer.headers.get('content-type')?.startsWith('application/json')) {
      await answer.body?.cancel();
      const type = answer.headers.get('content-type') ?? 'no content type';
      return { reply: `it answered with ${type}, so it is another program` };
    }
    text = await limited(answer.body);
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    return { reply: cause instanceof Error ? cause.message : (error as Error).message };
  }
  const reply = pingbackReplySchema.safeParse(parsed(text));
  if (!reply.success) return { reply: 'its answer does not follow the protocol of this version' };
  const verdict = verifyPingback(reply.data, { nonce, address });
  if (verdict !== 'ok') return { reply: `its identity is not proven (${verdict})` };
  return { reply: reply.data, ...(aheadMs === undefined ? {} : { aheadMs }) };
}

/** How far the clock that wrote the `Date` of an answer that has just come is ahead of ours, in ms; whole seconds. */
export function aheadOf(answer: Response): number | undefined {
  const at = Date.parse(answer.headers.get('date') ?? '');
  return Number.isFinite(at) ? at - Date.now() : undefined;
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
