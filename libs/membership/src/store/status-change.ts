import type { z } from 'zod';
import type { NodeStatus, PeerStore } from './peer-store.ts';
import { requireRecord, statusFieldSchemas } from './records.ts';

export type StatusChange = Parameters<PeerStore['writeStatus']>[0];
type StatusField = keyof NodeStatus;

/** What a new store says: nothing is shared yet. */
export const EMPTY_STATUS: NodeStatus = { documents: { count: 0, version: 0 } };

/** The fields of a change with their checked values, `undefined` for those to be removed; throws `bad_record`. */
export function checkedStatusFields(change: StatusChange): [StatusField, unknown][] {
  return (Object.keys(statusFieldSchemas) as StatusField[])
    .filter((field) => field in change)
    .map((field) => {
      const value = change[field];
      const schema: z.ZodType<unknown> = statusFieldSchemas[field];
      return [field, value && requireRecord(schema, value, `status field “${field}”`)];
    });
}

export function changedStatus(current: NodeStatus, change: StatusChange): NodeStatus {
  const fields: Record<string, unknown> = { ...current };
  for (const [field, value] of checkedStatusFields(change)) {
    if (value === undefined) delete fields[field];
    else fields[field] = value;
  }
  return { ...EMPTY_STATUS, ...fields };
}
