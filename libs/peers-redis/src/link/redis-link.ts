import { StoreAwayError } from '@kith/membership';
import { createClient, type RedisClient } from './connect.ts';
import { type RedisConnectionOptions, RedisSettingsError } from './connection-options.ts';

/**
 * An answer or an error comes within GRACE + ANSWER (1.8 s) whatever happens. While the connection is away longer than
 * GRACE_MS, calls fail at once; a shorter interruption is waited for.
 */
const GRACE_MS = 800;
const ANSWER_MS = 1000;

export interface RedisLink {
  /** Runs commands; every failure of Redis or the connection becomes `store_away`. */
  use<T>(work: (client: RedisClient) => Promise<T>): Promise<T>;
  /** Runs a script of scripts.ts. */
  script(text: string, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>;
  readonly isClosed: boolean;
  close(): void;
}

/**
 * Connects, and waits a moment for it. A Redis that is away at start is no fault: the link goes on trying, and its calls
 * reject meanwhile. One that refuses us is: rejects with `bad_configuration`.
 */
export async function openRedisLink(options: RedisConnectionOptions): Promise<RedisLink> {
  const { log } = options;
  const client = createClient(options, ANSWER_MS + 500, 'store');
  let awaySince: number | undefined = performance.now();
  let isClosed = false;
  let lastError: string | undefined;
  client.on('error', (error: Error) => {
    // The same line again and again says nothing.
    if (error.message !== lastError && !isClosed) log.warn({ err: error }, 'Redis is away; trying again');
    lastError = error.message;
  });
  client.on('ready', () => {
    awaySince = undefined;
    lastError = undefined;
    log.info({}, 'connected to Redis');
  });
  client.on('close', () => {
    awaySince ??= performance.now();
  });

  const attempt = async <T>(work: (client: RedisClient) => Promise<T>): Promise<T> => {
    if (client.status === 'ready') {
      let isSent = false;
      // The client refuses at once what it cannot send: any other failure needs at least a turn of the event loop.
      setImmediate(() => {
        isSent = true;
      });
      try {
        return await withinTime(work(client), ANSWER_MS);
      } catch (error) {
        if (isSent) throw error;
        // The connection is lost, and the client has not noticed yet.
        awaySince ??= performance.now();
      }
    }
    const leftMs = GRACE_MS - (performance.now() - (awaySince ?? performance.now()));
    if (!(await nextReady(client, leftMs))) throw new Error(`not connected: ${client.status}`);
    return withinTime(work(client), ANSWER_MS);
  };
  const use = async <T>(work: (client: RedisClient) => Promise<T>): Promise<T> => {
    if (isClosed) throw new StoreAwayError('The store is closed.');
    try {
      return await attempt(work);
    } catch (error) {
      throw isClosed ? new StoreAwayError('The store is closed.', { cause: error }) : away(error);
    }
  };
  const link: RedisLink = {
    use,
    script: (text, keys, values) =>
      use((redis) =>
        (redis as { eval(...all: (string | number)[]): Promise<unknown> }).eval(text, keys.length, ...keys, ...values),
      ),
    get isClosed() {
      return isClosed;
    },
    close: () => {
      isClosed = true;
      client.disconnect();
    },
  };
  try {
    await use((redis) => redis.ping());
  } catch (error) {
    const reason = refusalOf(error) ?? (lastError && refusalOf(new Error(lastError)));
    if (reason === undefined) return link;
    link.close();
    throw new RedisSettingsError(`Redis refuses this node: ${reason}.`, { cause: error });
  }
  return link;
}

/** What a person has to change, where Redis was reached and said no. */
function refusalOf(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (/\bWRONGPASS\b|invalid password/i.test(one.message)) return 'the user name or the password is wrong';
    if (/\bNOAUTH\b/.test(one.message)) return 'it wants a password, and none is set';
    if (/\bNOPERM\b/.test(one.message)) return 'this user may not use the commands and keys that Kith needs (kith:*)';
    if (/without any password configured/.test(one.message)) return 'a password is set here, and it has none';
    if (/cluster support disabled/i.test(one.message)) return 'it is not a Cluster: leave out the Cluster setting';
  }
  return undefined;
}

/** Whether the client connects anew within a time. */
export async function nextReady(client: RedisClient, withinMs: number): Promise<boolean> {
  if (withinMs <= 0 || client.status === 'end') return false;
  return new Promise((resolve) => {
    const finish = (isReady: boolean) => {
      clearTimeout(timer);
      client.off('ready', onReady);
      client.off('end', onEnd);
      resolve(isReady);
    };
    const onReady = () => finish(true);
    const onEnd = () => finish(false);
    const timer = setTimeout(onEnd, withinMs);
    client.on('ready', onReady);
    client.on('end', onEnd);
  });
}

function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function away(cause: unknown): StoreAwayError {
  const text = cause instanceof Error ? cause.message : '';
  const message =
    NO_WRITES.find(({ sign }) => sign.test(text))?.message ??
    'Redis cannot be reached or does not answer: see the log, and whether Redis runs.';
  return new StoreAwayError(message, { cause });
}

/** A Redis that answers and takes nothing; what the people who run it can do. */
const NO_WRITES = [
  { sign: /\bOOM\b/, message: 'Redis takes nothing more: its memory is full. Raise its maxmemory.' },
  { sign: /\bMISCONF\b/, message: 'Redis takes nothing: it cannot write its file. Make room on its disk.' },
  { sign: /\bREADONLY\b/, message: 'Redis takes nothing: this one is a replica. Name the master, or the Sentinels.' },
];
