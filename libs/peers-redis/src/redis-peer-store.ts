import {
  type Candidate,
  candidateSchema,
  checkedStatusFields,
  checkRecord,
  deviceSchema,
  EMPTY_STATUS,
  isNoChange,
  MAX_DEVICES,
  type NodeStatus,
  newEventSchema,
  type PeerStore,
  peerSchema,
  requireRecord,
  StoreAwayError,
  statusFieldSchemas,
  type WallClock,
} from '@kith/membership';
import { eventFromEntry, fieldsOf, type StreamEntry } from './events/event-fields.ts';
import { createRedisEventLog, eventArguments } from './events/redis-event-log.ts';
import type { StreamTail } from './events/stream-tail.ts';
import type { ConnectionLog } from './link/connection-options.ts';
import type { Keys } from './link/keys.ts';
import type { RedisLink } from './link/redis-link.ts';
import { deviceFields, peerFields } from './record-fields.ts';
import { createRedisRecords } from './redis-records.ts';
import { CHANGE_PEER, listArguments, PUT_DEVICES, REMOVE_DEVICES, WRITE_STATUS } from './scripts.ts';
import { createTurns } from './turns.ts';

/** Candidates that wait for a reader; whoever follows reads at once. */
const MAX_CANDIDATES = 200;
/** Another process can come between this often before something must be wrong: of any writers, one always gets through. */
const MAX_ATTEMPTS = 200;

export interface RedisPeerStoreOptions {
  link: RedisLink;
  keys: Keys;
  events: StreamTail;
  candidates: StreamTail;
  clock: WallClock;
  log: ConnectionLog;
}

/** A PeerStore on an open link. Keys: keys.ts; what is atomic: scripts.ts. */
export function createRedisPeerStore(options: RedisPeerStoreOptions): PeerStore {
  const { link, keys, clock, log } = options;
  const peers = createRedisRecords({ link, listKey: keys.peers, keyOf: keys.peer, fields: peerFields, log });
  const devices = createRedisRecords({ link, listKey: keys.devices, keyOf: keys.device, fields: deviceFields, log });
  const events = createRedisEventLog(link, keys);
  const inTurn = createTurns();

  const changePeer: PeerStore['changePeer'] = (id, rule) =>
    inTurn(id, async () => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const { fields, record: current } = await peers.get(id);
        const change = rule(current);
        if (isNoChange(id, current, change)) return current;
        const peer = change.peer && requireRecord(peerSchema, change.peer, 'peer');
        const news = change.events.map((event) => requireRecord(newEventSchema, event, 'event'));
        const isDone = await link.script(
          CHANGE_PEER,
          [keys.peer(id), keys.peers, keys.passing, keys.events],
          [
            ...listArguments(Object.entries(fields).flat()),
            id,
            ...listArguments(peer ? peerFields.write(peer) : []),
            peer?.lastSeenAt ?? 0,
            ...eventArguments(news, clock.now(), { before: current, after: peer }),
          ],
        );
        if (isDone === 1) return peer;
      }
      throw new StoreAwayError(`The peer ${id} is being changed all the time: nothing was written.`);
    });
  const removeDevices: PeerStore['removeDevices'] = async (addresses) => {
    if (addresses.length === 0) return;
    await link.script(REMOVE_DEVICES, [keys.devices, ...addresses.map(keys.device)], addresses);
  };

  return {
    listPeers: () => peers.list(),
    getPeer: async (id) => (await peers.get(id)).record,
    changePeer,
    listDevices: () => devices.list(),
    putDevices: async (given) => {
      const checked = given.map((device) => requireRecord(deviceSchema, device, 'device'));
      if (checked.length === 0) return;
      const values = checked.flatMap((device) => [
        device.address,
        device.lastSeenAt,
        ...listArguments(deviceFields.write(device)),
      ]);
      const hashes = checked.map((device) => keys.device(device.address));
      const surplus = await link.script(PUT_DEVICES, [keys.devices, ...hashes], [MAX_DEVICES, ...values]);
      await removeDevices(surplus as string[]);
    },
    removeDevices,
    noteCandidate: async (candidate) => {
      const { address, pingbackPort, source } = requireRecord(candidateSchema, candidate, 'candidate');
      const fields = ['address', address, 'pingbackPort', pingbackPort, 'source', source];
      await link.use((redis) => redis.xadd(keys.candidates, 'MAXLEN', '~', MAX_CANDIDATES, '*', ...fields));
    },
    followCandidates: (listener) =>
      options.candidates.follow((entry) => {
        for (const candidate of candidateFromEntry(entry)) listener(candidate);
      }),
    readStatus: async () => statusOf(await link.use((redis) => redis.hgetall(keys.status))),
    writeStatus: async (change) => {
      const fields = checkedStatusFields(change);
      if (fields.length === 0) return;
      const set = fields.filter(([, value]) => value !== undefined);
      const remove = fields.filter(([, value]) => value === undefined);
      const values = set.flatMap(([field, value]) => [field, JSON.stringify(value)]);
      const removed = remove.map(([field]) => field);
      await link.script(WRITE_STATUS, [keys.status], [...listArguments(values), ...listArguments(removed)]);
    },
    addEvents: (given) => {
      const news = given.map((event) => requireRecord(newEventSchema, event, 'event'));
      return events.add(news, clock.now());
    },
    readEvents: ({ after, limit }) => events.after(after, limit),
    latestEvents: (limit) => events.latest(limit),
    followEvents: (listener) =>
      options.events.follow((entry) => {
        for (const event of eventFromEntry(entry)) listener(event);
      }),
    close: async () => {
      options.events.close();
      options.candidates.close();
      link.close();
    },
  };
}

function candidateFromEntry([, flat]: StreamEntry): Candidate[] {
  const { pingbackPort, ...texts } = fieldsOf(flat);
  const result = checkRecord(candidateSchema, { ...texts, pingbackPort: Number(pingbackPort) });
  return 'value' in result ? [result.value] : [];
}

function statusOf(hash: Readonly<Record<string, string>>): NodeStatus {
  const fields = Object.entries(hash).flatMap(([field, text]) => {
    const schema = statusFieldSchemas[field as keyof NodeStatus];
    try {
      const result = schema && checkRecord<unknown>(schema, JSON.parse(text));
      return result && 'value' in result ? [[field, result.value]] : [];
    } catch {
      return [];
    }
  });
  return { ...EMPTY_STATUS, ...Object.fromEntries(fields) };
}
