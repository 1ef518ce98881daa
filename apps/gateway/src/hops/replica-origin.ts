import { isLinkLocal, isLocal } from '@kith/net';
import { z } from 'zod';

function isNear(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // At link-local addresses clouds have services of their own (169.254.169.254), and no replica ever registers one.
  return isLocal(host) && !isLinkLocal(host);
}

/**
 * Where a replica says it is: a claim, by whoever can write to the registry. Only an `http` origin with a private or
 * loopback IP address and a port of its own is taken, for requests there carry the node's internal key.
 */
export const replicaOriginSchema = z
  .url({ protocol: /^http$/ })
  .max(300)
  .transform((text) => new URL(text))
  .refine((url) => url.pathname === '/' && url.search === '' && url.hash === '', 'an origin has no path')
  .refine((url) => url.username === '' && url.password === '', 'an origin names no user')
  .refine((url) => url.port !== '', 'an origin has a port')
  .refine(isNear, 'only private and loopback addresses')
  .transform((url) => url.origin);
