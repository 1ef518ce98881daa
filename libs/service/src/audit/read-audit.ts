import { readFile } from 'node:fs/promises';
import { type AuditEntry, type AuditKind, auditEntrySchema } from '@kith/wire';
import { systemClock } from '../clock.ts';
import { AuditSegments } from './audit-segments.ts';

/** All that the trail holds of these kinds, newest first. What was half written, or by a hand, is left out. */
export async function readAudit(dataDirectory: string, kinds?: readonly AuditKind[]): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  // One file at a time: the work between two of them is small, and others get their turn.
  for (const path of await new AuditSegments(dataDirectory, systemClock).paths(kinds)) {
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const entry = entryOf(line);
      if (entry) entries.push(entry);
    }
  }
  return entries.sort((a, b) => b.at - a.at);
}

function entryOf(line: string): AuditEntry | undefined {
  if (line === '') return undefined;
  try {
    return auditEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
