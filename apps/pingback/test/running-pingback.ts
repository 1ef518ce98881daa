import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Identity, openIdentity } from '@kith/identity';
import { createMemoryPeerStore, type PeerStore } from '@kith/membership';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { createPingback, type Pingback, type PingbackOptions, pingbackSettings } from '../src/app.ts';

export interface Running {
  pingback: Pingback;
  identity: Identity;
  peers: PeerStore;
  port: number;
  instance: string;
  stop(): Promise<void>;
}

export async function newIdentity(t: TestContext): Promise<Identity> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-pingback-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return openIdentity(folder);
}

/** A pingback on a free port of `bind`, stopped after the test. */
export async function startPingback(
  t: TestContext,
  {
    bind = '127.0.0.1',
    port = '0',
    neighbours,
    clock = systemClock,
    ...env
  }: { bind?: string; port?: string; KITH_PINGBACK_RATE?: string; KITH_NAME_TO?: string } & Partial<
    Pick<PingbackOptions, 'neighbours' | 'clock'>
  > = {},
): Promise<Running> {
  const identity = await newIdentity(t);
  const peers = createMemoryPeerStore({ clock: systemClock });
  const settings = readSettings(pingbackSettings, {
    KITH_NAME: 'ana',
    KITH_BIND: bind,
    KITH_PINGBACK_PORT: port,
    ...env,
  });
  const instance = randomBytes(8).toString('hex');
  const options = { settings, identity, incarnation: 7, instance, peers, neighbours, clock, log: silentLog };
  const pingback = createPingback(options);
  await pingback.start();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= pingback.stop();
    return stopping;
  };
  t.after(stop);
  return { pingback, identity, peers, port: pingback.port(), instance, stop };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export function ask(
  port: number,
  path: string,
  { host = '127.0.0.1', from, method = 'GET', headers = {} }: AskOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host, port, path, method, headers, agent: false, ...(from ? { localAddress: from } : {}) };
    const call = request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

interface AskOptions {
  host?: string;
  from?: string;
  method?: string;
  headers?: Record<string, string>;
}

export const newNonce = () => randomBytes(16).toString('base64url');
