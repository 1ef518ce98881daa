import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Identity, verifyPingback } from '@kith/identity';
import { fuzz, seededRandom } from '@kith/testing';
import { PINGBACK_MAX_BYTES, pingbackReplySchema } from '@kith/wire';
import { createProbe } from '../src/probe/probe.ts';
import { judgeAnswer, type ProbeAnswer } from '../src/probe/probe-answer.ts';
import { makeAnswer, onTheWire } from './attack-answers.ts';
import { newIdentity } from './signed-answers.ts';

const ASKED = { nonce: 'n'.repeat(22), address: '127.0.0.21' };
const HELD = 'none believed that was not proven, every other a device with its reason';

test('whatever bytes a host answers, only a proven pingback is believed', async (t) => {
  const [host, self] = [await newIdentity(t), await newIdentity(t)];
  await fuzz(t, HELD, {
    cases: 60_000,
    make: (random) => makeAnswer(random, host, ASKED),
    check: (one) =>
      isRightlyJudged(
        judgeAnswer({ ...one, body: one.body.slice(0, PINGBACK_MAX_BYTES) }, { ...ASKED, selfId: self.id }),
        host,
        ASKED,
      ),
  });
});

test('whatever bytes come over the connection, the probe ends with a judgement', async (t) => {
  const [host, self] = [await newIdentity(t), await newIdentity(t)];
  const served = await serveBytes(t, host);
  const probe = createProbe({ selfId: self.id, localAddress: undefined, monotonic: () => performance.now() });
  await fuzz(t, HELD, {
    cases: 12_000,
    atOnce: 16,
    make: (random) => random.int(2 ** 32),
    check: async (seed) => {
      const answer = await served.asked(seed, (pingbackPort) => probe({ address: ASKED.address, pingbackPort }));
      isRightlyJudged(answer.judged, host, { nonce: answer.nonce, address: ASKED.address });
    },
  });
});

function isRightlyJudged(answer: ProbeAnswer, host: Identity, asked: typeof ASKED): void {
  if ('reply' in answer) {
    const again = pingbackReplySchema.parse(answer.reply);
    assert.equal(again.id, host.id);
    assert.equal(verifyPingback(again, asked), 'ok');
  } else {
    assert.ok(
      answer.detail.length <= 200 && answer.detail.isWellFormed(),
      `a reason of ${answer.detail.length} characters`,
    );
    assert.doesNotMatch(answer.detail, /[\p{Cc}\p{Cf}]/u);
  }
}

/** Ports that answer each connection with the bytes of one case; a port is one case's at a time. */
async function serveBytes(t: TestContext, host: Identity) {
  const free = await Promise.all(Array.from({ length: 16 }, () => openPort(t, host)));
  return {
    async asked(seed: number, ask: (port: number) => Promise<ProbeAnswer>) {
      const port = free.pop();
      if (!port) throw new Error('more cases at once than ports');
      port.seed = seed;
      try {
        return { judged: await ask(port.number), nonce: port.nonce };
      } finally {
        free.push(port);
      }
    },
  };
}

async function openPort(t: TestContext, host: Identity) {
  const port = { number: 0, seed: 0, nonce: '' };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (request) => {
      port.nonce = /nonce=([\w-]+)/.exec(request.toString())?.[1] ?? '';
      const random = seededRandom(port.seed);
      const answer = makeAnswer(random, host, { nonce: port.nonce, address: ASKED.address });
      for (const piece of onTheWire(random, answer)) socket.write(piece);
      random.chance(0.1) ? socket.resetAndDestroy() : socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, ASKED.address, resolve));
  t.after(() => server.close());
  const at = server.address();
  port.number = typeof at === 'object' && at !== null ? at.port : 0;
  return port;
}
