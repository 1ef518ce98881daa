import { isLocal } from '@kith/net';
import { NotPrivateError } from './errors.ts';

/** Throws `not_private` unless `text` is an IP literal of a local network. */
export function assertLocal(text: string): void {
  if (isLocal(text)) return;
  throw new NotPrivateError(
    `${JSON.stringify(text.slice(0, 80))} is not an address of a private network (10.0.0.0/8, 172.16.0.0/12, ` +
      '192.168.0.0/16, link-local, unique local or loopback), and Kith sends nothing to any other.',
  );
}
