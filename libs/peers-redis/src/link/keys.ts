import { parseRedisUrl } from './redis-url.ts';

/**
 * Every key that Kith keeps in Redis. With the default prefix, readable with `redis-cli`:
 *
 * | key                               | type        | holds                                                           |
 * |-----------------------------------|-------------|-----------------------------------------------------------------|
 * | `kith:peer:<id>`                  | hash        | a peer, one field a property; lists and pairs as JSON           |
 * | `kith:peers`                      | sorted set  | ids of all peers by last sight (milliseconds since 1970)        |
 * | `kith:device:<address>`           | hash        | a device, likewise                                              |
 * | `kith:devices`                    | sorted set  | addresses of all devices by last sight                          |
 * | `kith:events`                     | stream      | the events, capped; the entry's id is the cursor                |
 * | `kith:events:passing`             | list        | cursors of those events that strangers can cause, capped apart   |
 * | `kith:candidates`                 | stream      | addresses to be probed, the last few only                       |
 * | `kith:status`                     | hash        | what this node says of itself, one JSON value a field           |
 * | `kith:replicas:<service>`         | sorted set  | ids of running replicas by expiry (milliseconds since 1970)     |
 * | `kith:replicas:<service>:address` | hash        | address by id of replica                                        |
 * | `kith:lease:<name>`               | hash        | `holder` and `fence` of a lease; expires with it                |
 * | `kith:fences`                     | hash        | the highest fence given for each lease                          |
 *
 * Redis Cluster spreads keys over its nodes by a hash of the key, or of the part in braces where there is one, and runs a
 * script only on keys of one slot. A peer and the event that tells of it are written by one script, so there the prefix
 * is `{kith}`: all keys of one Kith node lie in one slot. That is right for their size (some megabytes): a Cluster is
 * used here for its fail-over, not to spread load; several Kith nodes on one Cluster have a prefix each.
 */
export interface Keys {
  readonly peer: (id: string) => string;
  readonly peers: string;
  readonly device: (address: string) => string;
  readonly devices: string;
  readonly events: string;
  readonly passing: string;
  readonly candidates: string;
  readonly status: string;
  readonly replicas: (service: string) => string;
  readonly replicaAddresses: (service: string) => string;
  readonly lease: (name: string) => string;
  readonly fences: string;
}

export function createKeys({ url, keyPrefix = 'kith' }: { url: string; keyPrefix?: string | undefined }): Keys {
  const base = parseRedisUrl(url).kind === 'cluster' ? `{${keyPrefix}}` : keyPrefix;
  return {
    peer: (id) => `${base}:peer:${id}`,
    peers: `${base}:peers`,
    device: (address) => `${base}:device:${address}`,
    devices: `${base}:devices`,
    events: `${base}:events`,
    passing: `${base}:events:passing`,
    candidates: `${base}:candidates`,
    status: `${base}:status`,
    replicas: (service) => `${base}:replicas:${service}`,
    replicaAddresses: (service) => `${base}:replicas:${service}:address`,
    lease: (name) => `${base}:lease:${name}`,
    fences: `${base}:fences`,
  };
}
