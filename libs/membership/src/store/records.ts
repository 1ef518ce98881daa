import { leftOutSchema, nodeIdSchema, SHARE_STATES, storedNameSchema } from '@kith/wire';
import { z } from 'zod';
import { BadRecordError } from '../errors.ts';
import { EVENT_TYPES, type MembershipEvent, type NewEvent } from '../peer/event.ts';
import { DEVICE_ANSWERS, type Device, PEER_STATES, type Peer, TRUST_LEVELS } from '../peer/peer.ts';
import type { Candidate, NodeStatus } from './peer-store.ts';

/*
 * What stores hold, checked on the way in and on the way out: an administrator's hand, a damaged file or another version
 * may have put anything there. Bounds are wide; the narrow ones are those of the wire.
 */

const time = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const port = z.number().int().min(0).max(65535);
const address = z.string().regex(/^[0-9a-fA-F:.]{2,45}(%[\w.-]{1,32})?$/, 'an address is an IP literal');
const instance = z.string().min(1).max(64);
const place = { address, pingbackPort: port };

export const peerSchema: z.ZodType<Peer> = z.object({
  id: nodeIdSchema,
  publicKey: z.string().max(200),
  name: storedNameSchema,
  state: z.enum(PEER_STATES),
  trust: z.enum(TRUST_LEVELS),
  trustedBy: z.enum(['owner', 'code']).exactOptional(),
  addresses: z.array(z.object({ ...place, lastSuccessAt: time, roundTripMs: time })).max(64),
  gatewayPort: port,
  instance,
  incarnation: count,
  documents: z.object({ count, version: count }).exactOptional(),
  hidesName: z.literal(true).exactOptional(),
  firstSeenAt: time,
  lastSeenAt: time,
  stateChangedAt: time,
  missed: count,
  clone: z.object({ instance, address, pingbackPort: port.exactOptional(), seenAt: time }).exactOptional(),
  instanceSince: time.exactOptional(),
  other: z.object({ instance, replaced: z.boolean(), ...place, seenAt: time }).exactOptional(),
});

export const deviceSchema: z.ZodType<Device> = z.object({
  address,
  mac: z.string().max(64).exactOptional(),
  interface: z.string().max(64).exactOptional(),
  answer: z.enum(DEVICE_ANSWERS),
  detail: z.string().max(500).exactOptional(),
  peer: nodeIdSchema.exactOptional(),
  isDefaultGateway: z.boolean().exactOptional(),
  firstSeenAt: time,
  lastSeenAt: time,
  lostAt: time.exactOptional(),
});

const newEvent = z.object({
  type: z.enum(EVENT_TYPES),
  message: z.string().max(2000),
  peer: nodeIdSchema.exactOptional(),
  address: z.string().max(100).exactOptional(),
  data: z.record(z.string().max(64), z.union([z.string().max(2000), z.number(), z.boolean()])).exactOptional(),
});
export const newEventSchema: z.ZodType<NewEvent> = newEvent;
export const membershipEventSchema: z.ZodType<MembershipEvent> = newEvent.extend({
  cursor: z.string().max(64),
  at: time,
});

export const candidateSchema: z.ZodType<Candidate> = z.object({
  ...place,
  source: z.enum(['asked', 'look', 'owner']),
});

const scannerInterface = z.object({
  name: z.string().max(200),
  kind: z.string().max(64),
  addresses: z.array(z.string().max(100)).max(256),
  defaultGateway: z.string().max(100).exactOptional(),
  used: z.boolean(),
  reason: z.string().max(500).exactOptional(),
});

/** One schema a field, because each field is written and damaged alone. */
export const statusFieldSchemas: { readonly [K in keyof NodeStatus]-?: z.ZodType<NonNullable<NodeStatus[K]>> } = {
  documents: z.object({ count, version: count }),
  self: z.object({ instance, incarnation: count, gatewayPort: port }),
  clone: z.object({ address, instance, seenAt: time }),
  folders: z.object({
    queued: count,
    shares: z
      .array(
        z.object({
          id: z.string().max(64),
          state: z.enum(SHARE_STATES),
          problem: z.string().max(1000).exactOptional(),
          leftOut: leftOutSchema.exactOptional(),
        }),
      )
      .max(1000),
  }),
  scanner: z.object({
    interfaces: z.array(scannerInterface).max(256),
    lastSweepAt: time.exactOptional(),
    sweepMs: time.exactOptional(),
    sweeping: z.boolean(),
    remarks: z.array(z.string().max(1000)).max(64),
  }),
};

/** The record, or the reason why it is none, in one line for the log. */
export function checkRecord<T>(schema: z.ZodType<T>, input: unknown): { value: T } | { problem: string } {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const problems = result.error.issues.slice(0, 3).map((one) => `${one.path.join('.') || 'record'}: ${one.message}`);
  return { problem: problems.join('; ') };
}

/** The record as it is written; throws `bad_record`. */
export function requireRecord<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = checkRecord(schema, input);
  if ('value' in result) return result.value;
  throw new BadRecordError(`This ${what} cannot be kept: ${result.problem}.`);
}
