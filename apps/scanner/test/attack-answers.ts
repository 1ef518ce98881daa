import { type Identity, signPingback } from '@kith/identity';
import { cutAnywhere, HOSTILE_TEXTS, hostileValue, mutateBytes, mutateJson, type Random } from '@kith/testing';
import type { PingbackReply } from '@kith/wire';
import { signedAnswer } from './signed-answers.ts';

/** What a host that was asked sends back. */
export interface AnswerCase {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface Asked {
  readonly nonce: string;
  readonly address: string;
}

/**
 * An answer of one of four sorts: right but spoilt in its JSON, right but spoilt in its bytes, honestly signed over fields
 * that nobody would send, or something else altogether.
 */
export function makeAnswer(random: Random, identity: Identity, asked: Asked): AnswerCase {
  const right = signedAnswer(identity, asked);
  const sort = random.int(8);
  const body =
    sort <= 2
      ? JSON.stringify(mutateJson(random, right))
      : sort <= 4
        ? mutateBytes(random, Buffer.from(JSON.stringify(right))).toString()
        : sort === 5
          ? JSON.stringify(hostileValue(random))
          : JSON.stringify(strangelySigned(random, identity, right));
  return {
    status: random.chance(0.95) ? 200 : random.pick([100, 204, 301, 404, 500, 999]),
    contentType: random.chance(0.95) ? 'application/json' : random.pick([undefined, '', 'text/html', ...HOSTILE_TEXTS]),
    body,
  };
}

/** Signed by a key that is whose it says, so that every check behind the signature is reached. */
function strangelySigned(random: Random, identity: Identity, right: PingbackReply): PingbackReply {
  const { signature: _, ...fields } = right;
  const strange = mutateJson(random, fields) as typeof fields;
  const changed = { ...fields, ...(typeof strange === 'object' && strange !== null ? strange : {}) };
  if (random.chance(0.4)) changed.address = random.pick(STRANGE_ADDRESSES);
  try {
    return signPingback(identity, changed);
  } catch {
    // Some changes leave nothing that could be signed.
    return right;
  }
}

/** Addresses on which two readers of addresses may disagree. */
const STRANGE_ADDRESSES: readonly string[] = [
  '::ffff:127.0.0.21',
  '::ffff:7f00:15',
  '::127.0.0.21',
  '0:0:0:0:0:ffff:127.0.0.21',
  '0000:0000:0000:0000:0000:ffff:7f00:0015',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '1::2::3',
  'fe80::1%eth0',
  'fe80::1%%',
  '127.0.0.021',
  '127.0.0.21 ',
  '127.1',
  '2130706453',
  '::',
  '0.0.0.0',
  '255.255.255.255',
];

/** The same answer as bytes on a connection, spoilt or not, in pieces. */
export function onTheWire(random: Random, { status, contentType, body }: AnswerCase): Buffer[] {
  const length = random.chance(0.9) ? Buffer.byteLength(body) : random.pick([0, 1, 4096, 2 ** 31, -1]);
  const chunked = random.chance(0.1);
  const head = [
    `HTTP/1.1 ${status} ${random.chance(0.95) ? 'OK' : random.pick(HOSTILE_TEXTS)}`,
    ...(contentType === undefined ? [] : [`content-type: ${contentType}`]),
    chunked ? 'transfer-encoding: chunked' : `content-length: ${length}`,
    ...(random.chance(0.1)
      ? [`${random.pick(['x', 'location', 'content-encoding', 'upgrade'])}: ${random.pick(HOSTILE_TEXTS)}`]
      : []),
    ...(random.chance(0.02) ? [`x-long: ${'y'.repeat(random.int(20_000))}`] : []),
  ].join('\r\n');
  const whole = chunked
    ? `${head}\r\n\r\n${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n${random.pick(['0\r\n\r\n', 'ffffffffffffffffff\r\n', '-1\r\n', '0\r\nx: y\r\n\r\n'])}`
    : `${head}\r\n\r\n${body}`;
  const bytes = random.chance(0.5) ? mutateBytes(random, Buffer.from(whole)) : Buffer.from(whole);
  return cutAnywhere(random, bytes);
}
