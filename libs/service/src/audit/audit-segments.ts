import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIT_KINDS, type AuditKind } from '@kith/wire';
import type { Clock } from '../clock.ts';

/** A file is left when it has so many bytes, and the oldest go when all of a kind have more than this. */
const SEGMENT_BYTES = 256 * 1024;
const KEPT_BYTES: Readonly<Record<AuditKind, number>> = { use: 4 << 20, security: 1 << 20, refused: 1 << 20 };
/** What peers did is kept for 90 days at most. */
const KEPT_MS = 90 * 86_400_000;

const NAME = /^(use|security|refused)-(\d{14})-[0-9a-f]{8}\.jsonl$/;

/**
 * The files of the trail: `audit/<kind>-<begun at>-<random>.jsonl`. Each process writes files of its own, so that several
 * services and replicas of a node share one folder without a lock; whoever begins a new file removes the oldest.
 */
export class AuditSegments {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #open = new Map<AuditKind, { path: string; bytes: number }>();

  constructor(dataDirectory: string, clock: Clock) {
    this.#directory = join(dataDirectory, 'audit');
    this.#clock = clock;
  }

  /** Adds whole lines. Throws the system's error; what was half written is left behind in a file of its own. */
  async append(kind: AuditKind, lines: string): Promise<void> {
    const segment = this.#open.get(kind) ?? (await this.#begin(kind));
    try {
      await appendFile(segment.path, lines, { mode: 0o600 });
      segment.bytes += Buffer.byteLength(lines);
      if (segment.bytes >= SEGMENT_BYTES) this.#open.delete(kind);
    } catch (error) {
      this.#open.delete(kind);
      throw error;
    }
  }

  /** Paths of the files of these kinds, newest first. */
  async paths(kinds: readonly AuditKind[] = AUDIT_KINDS): Promise<string[]> {
    const names = await readdir(this.#directory).catch(() => [] as string[]);
    const wanted = names.filter((name) => kinds.some((kind) => kind === NAME.exec(name)?.[1]));
    const begunAt = (name: string) => NAME.exec(name)?.[2] ?? '';
    return wanted.sort((a, b) => (begunAt(a) < begunAt(b) ? 1 : -1)).map((name) => join(this.#directory, name));
  }

  async #begin(kind: AuditKind): Promise<{ path: string; bytes: number }> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await this.#removeOldest(kind);
    const at = String(Math.max(0, Math.floor(this.#clock.now()))).padStart(14, '0');
    const segment = { path: join(this.#directory, `${kind}-${at}-${randomBytes(4).toString('hex')}.jsonl`), bytes: 0 };
    this.#open.set(kind, segment);
    return segment;
  }

  async #removeOldest(kind: AuditKind): Promise<void> {
    let bytes = 0;
    for (const path of await this.paths([kind])) {
      const stats = await stat(path).catch(() => undefined);
      if (!stats) continue;
      bytes += stats.size;
      const isOld = kind !== 'security' && this.#clock.now() - stats.mtimeMs > KEPT_MS;
      if (isOld || bytes > KEPT_BYTES[kind] - SEGMENT_BYTES) await rm(path, { force: true });
    }
  }
}
