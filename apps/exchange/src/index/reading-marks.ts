import { join } from 'node:path';
import { z } from 'zod';
import { readJson, replaceFile } from '../json-file.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { FileKey } from './ledger.ts';

/** So often the process may end while it reads a file before the file is left out. */
export const DEATHS_MAX = 3;
/** More are not remembered: each is a file that was being read when the process ended. */
const KEPT_MAX = 2_000;

const markSchema = z.object({
  source: z.string(),
  path: z.string(),
  /** How often the process ended while it read this file. */
  deaths: z.number().int().min(0),
  /** `<size> <time of change>` when it was read last: another state of the file is another matter. */
  state: z.string(),
});
const marksSchema = z.object({ reading: z.array(markSchema), suspects: z.array(markSchema) });
type Mark = z.infer<typeof markSchema>;

/**
 * Which files are just being read, on the disk (`reading.json`), so that a start after a sudden end knows what it may
 * have died of: such a file is read alone, and left out after DEATHS_MAX ends. Written twice a batch and not synced: the
 * end of a process takes nothing of it, and a power cut is no fault of a file.
 */
export interface ReadingMarks {
  /** To be called before files are read. */
  begin(files: readonly (FileKey & { state: string })[]): Promise<void>;
  /** To be called when they are written down. */
  end(files: readonly FileKey[]): Promise<void>;
  /** How often each file, in this state, was being read when the process ended: 0 for nearly all. */
  deathsOf(files: readonly (FileKey & { state: string })[]): Promise<number[]>;
  forget(source: string): Promise<void>;
}

const keyOf = ({ source, path }: FileKey) => `${source}\n${path}`;

export function createReadingMarks({ dataDirectory }: { dataDirectory: string }): ReadingMarks {
  const file = join(dataDirectory, 'reading.json');
  const serially = oneAtATime();
  const reading = new Map<string, Mark>();
  let suspects = new Map<string, Mark>();

  /** Nothing is being read here: whatever the file says is left over from a process that ended, or of another replica. */
  async function load(): Promise<void> {
    if (reading.size > 0) return;
    const found = await readJson(file, marksSchema);
    suspects = new Map(found?.suspects.map((mark) => [keyOf(mark), mark]));
    for (const mark of found?.reading ?? []) suspects.set(keyOf(mark), { ...mark, deaths: mark.deaths + 1 });
  }

  const save = () =>
    replaceFile(
      file,
      JSON.stringify({ reading: [...reading.values()], suspects: [...suspects.values()].slice(-KEPT_MAX) }),
    );
  const known = ({ source, path, state }: FileKey & { state: string }): number => {
    const mark = suspects.get(keyOf({ source, path }));
    return mark?.state === state ? mark.deaths : 0;
  };

  return {
    begin: (files) =>
      serially(async () => {
        await load();
        for (const file of files) reading.set(keyOf(file), { ...file, deaths: known(file) });
        // A disk that is full keeps nobody from reading.
        await save().catch(() => {});
      }),
    end: (files) =>
      serially(async () => {
        for (const key of files.map(keyOf)) {
          reading.delete(key);
          suspects.delete(key);
        }
        await save().catch(() => {});
      }),
    deathsOf: (files) =>
      serially(async () => {
        await load();
        return files.map(known);
      }),
    forget: (source) =>
      serially(async () => {
        await load();
        for (const [key, mark] of suspects) if (mark.source === source) suspects.delete(key);
        await save().catch(() => {});
      }),
  };
}
