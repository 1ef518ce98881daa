import { checkRecord, type MembershipEvent, membershipEventSchema, type NewEvent } from '@kith/membership';

/** An entry of the event stream: its id and its fields and values in turn. */
export type StreamEntry = readonly [id: string, fields: readonly string[]];

export function eventToFields(event: NewEvent, at: number): string[] {
  const { type, message, peer, address, data } = event;
  return [
    ['type', type],
    ['message', message],
    ...(peer === undefined ? [] : [['peer', peer]]),
    ...(address === undefined ? [] : [['address', address]]),
    ...(data === undefined ? [] : [['data', JSON.stringify(data)]]),
    ['at', String(at)],
  ].flat();
}

/** The event, or nothing where the entry is none (put there by hand, or by another version). */
export function eventFromEntry([cursor, fields]: StreamEntry): MembershipEvent[] {
  const { at, data, ...texts } = fieldsOf(fields);
  try {
    const event = { ...texts, ...(data === undefined ? {} : { data: JSON.parse(data) }), cursor, at: Number(at) };
    const result = checkRecord(membershipEventSchema, event);
    return 'value' in result ? [result.value] : [];
  } catch {
    return [];
  }
}

export function fieldsOf(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < flat.length; index += 2) fields[flat[index] ?? ''] = flat[index + 1] ?? '';
  return fields;
}
