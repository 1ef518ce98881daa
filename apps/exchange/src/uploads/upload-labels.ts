import { rm } from 'node:fs/promises';
import type { DocumentHash } from '@kith/wire';
import { z } from 'zod';
import { readJson, replaceFile } from '../json-file.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { BlobStore } from './blob-store.ts';

const uploadLabelSchema = z.object({
  /** Of the file in the catalogue: the name, with a number where another content has that already. */
  path: z.string().min(1),
  name: z.string().min(1),
  title: z.string().optional(),
  addedAt: z.number(),
  modifiedMs: z.number(),
});
const labelsSchema = z.object({ uploads: z.array(uploadLabelSchema) });

/** What cannot be known from the bytes of an upload. */
export type UploadLabel = z.infer<typeof uploadLabelSchema>;

/**
 * Keeps beside each content (`<sha256>.json`) under which names it was uploaded, so that a catalogue that is lost can be
 * made anew. Written after the catalogue and taken off before it: a label that the catalogue does not know, if the
 * catalogue was read first, means that the catalogue has lost it. Not synced to the disk: what a power cut takes is
 * written again from the catalogue.
 */
export interface UploadLabels {
  /** The newest last. None where there is no readable file. */
  of(hash: DocumentHash): Promise<readonly UploadLabel[]>;
  /** Takes the place of one with the same path. */
  add(hash: DocumentHash, label: UploadLabel): Promise<void>;
  remove(hash: DocumentHash, path: string): Promise<void>;
}

/** Several replicas may have one; whoever changes labels does so in its turn (OneWriter). */
export function createUploadLabels(blobs: Pick<BlobStore, 'labelPathOf'>): UploadLabels {
  const serially = oneAtATime();

  const of = async (hash: DocumentHash): Promise<readonly UploadLabel[]> =>
    (await readJson(blobs.labelPathOf(hash), labelsSchema))?.uploads ?? [];

  async function change(hash: DocumentHash, path: string, label: UploadLabel | undefined): Promise<void> {
    const before = await of(hash);
    const others = before.filter((one) => one.path !== path);
    const uploads = label === undefined ? others : [...others, label];
    if (label === undefined && others.length === before.length) return;
    const file = blobs.labelPathOf(hash);
    if (uploads.length === 0) return rm(file, { force: true });
    await replaceFile(file, JSON.stringify({ uploads }));
  }

  return {
    of,
    add: (hash, label) => serially(() => change(hash, label.path, label)),
    remove: (hash, path) => serially(() => change(hash, path, undefined)),
  };
}
