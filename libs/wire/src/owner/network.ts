import { z } from 'zod';
import { nodeIdSchema } from '../node-id.ts';
import { PAIRING_STATES } from './comparison.ts';

/** `GET /_kith/node`: this node as its owner sees it. */
export const nodeViewSchema = z.object({
  id: nodeIdSchema,
  shortId: z.string(),
  name: z.string(),
  version: z.string(),
  protocol: z.number(),
  gatewayPort: z.number(),
  /** At which this node and all others recognise each other. */
  pingbackPort: z.number().optional(),
  /** Addresses on the LAN at which peers reach this node. */
  addresses: z.array(z.string()),
  documents: z.number(),
  /** Whether this node was started with a pairing code. */
  pairingCode: z.boolean(),
  scanner: z
    .object({
      interfaces: z.array(
        z.object({
          name: z.string(),
          kind: z.string(),
          addresses: z.array(z.string()),
          defaultGateway: z.string().optional(),
          used: z.boolean(),
          reason: z.string().optional(),
        }),
      ),
      lastSweepAt: z.number().optional(),
      sweepMs: z.number().optional(),
      sweeping: z.boolean(),
      remarks: z.array(z.string()),
    })
    .optional(),
  /** Loud remarks for the owner: a second running copy of this identity, for one. */
  warnings: z.array(z.string()),
});
export type NodeView = z.infer<typeof nodeViewSchema>;

/** One peer in `GET /_kith/peers` → `{peers}` and `GET /_kith/peers/<name or id>`. */
export const peerViewSchema = z.object({
  id: nodeIdSchema,
  shortId: z.string(),
  name: z.string(),
  /** Short name that works in URLs and commands: `/peers/<label>/…`, `http://<label>.localhost:5805/`. */
  label: z.string(),
  state: z.enum(['alive', 'suspect', 'dead', 'left']),
  trust: z.enum(['pending', 'trusted', 'blocked']),
  trustedBy: z.enum(['owner', 'code']).optional(),
  /** Where the two owners are with each other; absent where it is not asked of the gateway that compares. */
  pairing: z.enum(PAIRING_STATES).optional(),
  addresses: z.array(z.object({ address: z.string(), lastSuccessAt: z.number(), roundTripMs: z.number() })),
  gatewayPort: z.number(),
  /** Only trusted peers tell; absent until they have. */
  documents: z.number().optional(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
  stateChangedAt: z.number(),
  /** The page of this peer in a browser, on an origin of its own. */
  url: z.string(),
  /** Same name as another peer, a changed key under a known name, a clone. */
  warnings: z.array(z.string()),
});
export type PeerView = z.infer<typeof peerViewSchema>;
export const peersViewSchema = z.object({ peers: z.array(peerViewSchema) });

/** `POST /_kith/peers/<name or id>/trust`. */
export const trustRequestSchema = z.object({ trust: z.enum(['pending', 'trusted', 'blocked']) });

/** `GET /_kith/devices` → `{devices}`. */
export const deviceViewSchema = z.object({
  address: z.string(),
  mac: z.string().optional(),
  interface: z.string().optional(),
  answer: z.string(),
  detail: z.string().optional(),
  peer: z.object({ id: nodeIdSchema, name: z.string() }).optional(),
  isDefaultGateway: z.boolean().optional(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
});
export type DeviceView = z.infer<typeof deviceViewSchema>;
export const devicesViewSchema = z.object({ devices: z.array(deviceViewSchema) });

/**
 * `GET /_kith/events?after=&limit=` → `{events}`; with `Accept: text/event-stream` the same objects as server-sent
 * events (`id` is the cursor, so `Last-Event-ID` resumes), without end.
 */
export const eventViewSchema = z.object({
  cursor: z.string(),
  at: z.number(),
  type: z.string(),
  message: z.string(),
  peer: z.string().optional(),
  address: z.string().optional(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type EventView = z.infer<typeof eventViewSchema>;
export const eventsViewSchema = z.object({ events: z.array(eventViewSchema) });

/** `POST /_kith/look`: probe this address now (IP literal in a private range). */
export const lookRequestSchema = z.object({ address: z.union([z.ipv4(), z.ipv6()]) });
