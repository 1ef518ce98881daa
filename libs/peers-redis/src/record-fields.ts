import { checkRecord, type Device, deepFreeze, deviceSchema, type Peer, peerSchema } from '@kith/membership';

type Schema<T> = Parameters<typeof checkRecord<T>>[0];
type Kind = 'text' | 'number' | 'flag' | 'json';
type Kinds<T> = { readonly [K in keyof T]-?: Kind };

/** How a record stands in a Redis hash: one field a property. */
export interface RecordFields<T> {
  /** Fields and values in turn, as HSET takes them. */
  write(record: T): string[];
  read(fields: Readonly<Record<string, string>>): { value: T } | { problem: string };
}

const peerKinds: Kinds<Peer> = {
  id: 'text',
  publicKey: 'text',
  name: 'text',
  state: 'text',
  trust: 'text',
  trustedBy: 'text',
  addresses: 'json',
  gatewayPort: 'number',
  instance: 'text',
  incarnation: 'number',
  documents: 'json',
  hidesName: 'flag',
  firstSeenAt: 'number',
  lastSeenAt: 'number',
  stateChangedAt: 'number',
  missed: 'number',
  clone: 'json',
  instanceSince: 'number',
  other: 'json',
};

const deviceKinds: Kinds<Device> = {
  address: 'text',
  mac: 'text',
  interface: 'text',
  answer: 'text',
  detail: 'text',
  peer: 'text',
  isDefaultGateway: 'flag',
  firstSeenAt: 'number',
  lastSeenAt: 'number',
  lostAt: 'number',
};

export const peerFields: RecordFields<Peer> = createFields(peerKinds, peerSchema);
export const deviceFields: RecordFields<Device> = createFields(deviceKinds, deviceSchema);

function createFields<T extends object>(kinds: Kinds<T>, schema: Schema<T>): RecordFields<T> {
  const known = new Map<string, Kind>(Object.entries(kinds) as [string, Kind][]);
  return {
    write: (record) =>
      Object.entries(record)
        .filter(([field, value]) => value !== undefined && known.has(field))
        .flatMap(([field, value]) => [field, known.get(field) === 'json' ? JSON.stringify(value) : String(value)]),
    read: (fields) => {
      try {
        const record: Record<string, unknown> = {};
        for (const [field, text] of Object.entries(fields)) record[field] = parsed(known.get(field), text);
        const result = checkRecord(schema, record);
        return 'value' in result ? { value: deepFreeze(result.value) } : result;
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function parsed(kind: Kind | undefined, text: string): unknown {
  if (kind === 'number') return text.trim() === '' ? text : Number(text);
  if (kind === 'flag') return text === 'true' ? true : text === 'false' ? false : text;
  if (kind === 'json') return JSON.parse(text);
  return text;
}
