import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running node leaves in its data directory, for the command line and for a second start. */
const nodeFileSchema = z.object({
  pid: z.number().int().positive(),
  name: z.string(),
  /** Origin of its gateway. */
  url: z.url({ protocol: /^http$/ }),
  startedAt: z.number(),
});
export type NodeFile = z.infer<typeof nodeFileSchema>;

const pathOf = (dataDirectory: string) => join(dataDirectory, 'node.json');

/** Undefined where there is none or it cannot be understood; whoever was killed leaves one behind. */
export async function readNodeFile(dataDirectory: string): Promise<NodeFile | undefined> {
  try {
    return nodeFileSchema.parse(JSON.parse(await readFile(pathOf(dataDirectory), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeNodeFile(dataDirectory: string, file: NodeFile): Promise<void> {
  const draft = `${pathOf(dataDirectory)}.${file.pid}`;
  await writeFile(draft, `${JSON.stringify(file)}\n`, { mode: 0o600 });
  await rename(draft, pathOf(dataDirectory));
}

export async function removeNodeFile(dataDirectory: string): Promise<void> {
  await rm(pathOf(dataDirectory), { force: true });
}
