import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * The system's resolver, asked for each name once at a time. One that does not answer holds a thread for ten seconds,
 * and a process has few threads, which read its files too: a server that is off must not take all of them.
 */
export function createOneLookup(ask: typeof lookup = lookup): LookupFunction {
  const asked = new Map<string, Promise<LookupAddress[]>>();
  const all = (host: string, family: number): Promise<LookupAddress[]> => {
    const key = `${host} ${family}`;
    const before = asked.get(key);
    if (before) return before;
    const asking = new Promise<LookupAddress[]>((resolve, reject) => {
      ask(host, { all: true, family }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
    }).finally(() => asked.delete(key));
    asked.set(key, asking);
    return asking;
  };
  return (host, options, callback) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
    all(host, family).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}
