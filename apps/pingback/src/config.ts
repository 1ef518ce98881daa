import { setting, sharedSettings, type Values } from '@kith/service';
import { wholeNumber } from '@kith/wire';
import { z } from 'zod';

const perSecond = (defaultValue: number) =>
  wholeNumber({ min: 1, max: 10_000, error: 'accepted: a number of requests a second from 1 to 10000' }).default(
    defaultValue,
  );

export const pingbackSettings = {
  dataDirectory: sharedSettings.dataDirectory,
  ownerUids: sharedSettings.ownerUids,
  name: sharedSettings.name,
  nameTo: setting(
    'KITH_NAME_TO',
    z.enum(['everybody', 'trusted'], { error: 'accepted: everybody, trusted' }).default('everybody'),
    'Who reads the name of this node: everybody on the LAN, or trusted peers only; then others see kith- and the start of its id. Default: everybody, so that people find each other.',
  ),
  bind: sharedSettings.bind,
  pingbackPort: sharedSettings.pingbackPort,
  gatewayPort: sharedSettings.gatewayPort,
  logLevel: sharedSettings.logLevel,
  rate: setting(
    'KITH_PINGBACK_RATE',
    perSecond(20),
    'Pingbacks answered a second to one address; twice as many at once. Default: 20, for a peer asks about one in two seconds.',
  ),
} as const;
export type PingbackSettings = Values<typeof pingbackSettings>;

/** Pingbacks answered a second to askers of one standing. A signature costs 33 µs: at most a tenth of a core each. */
export const RATE_IN_ALL = 2000;
/** Addresses whose rate is remembered; with more than that, the one that was quiet for longest is forgotten. */
export const RATE_ADDRESSES = 4096;
/** Open connections of askers of one standing, and of one machine: one host alone never takes the others' places. */
export const CONNECTIONS_IN_ALL = 256;
export const CONNECTIONS_PER_MACHINE = 16;
/** Above so many it is looked up which addresses are one machine's. */
export const CROWDED = 32;
/** Request line and headers together, in bytes. What an asker needs fits into 300. */
export const HEADER_BYTES = 4096;
/** Milliseconds from the start of a connection to the end of its head: an asker sends it at once, and waits a second. */
export const HEADERS_MS = 1000;
/** Milliseconds for a connection from its start until its request was read and answered. */
export const REQUEST_MS = 3000;
/** How long a node that stops goes on answering, in milliseconds, so that its peers hear that it leaves. */
export const LEAVING_MS = 1000;
