import { z } from 'zod';

/**
 * What can keep a node from doing all its work. `disk_full`: it serves what it has, and takes nothing new.
 * `data_folder_gone`, `data_folder_read_only`: the folder of its data. `disk_failing`: what is written there does not
 * reach the disk. `too_few_descriptors`: the system lets it open too few files. `reader_dying`: the part that takes text
 * out of files ends again and again.
 */
export const nodeFaultSchema = z.object({
  code: z.enum([
    'disk_full',
    'data_folder_gone',
    'data_folder_read_only',
    'disk_failing',
    'too_few_descriptors',
    'reader_dying',
  ]),
  /** One sentence for the owner: what is wrong. */
  message: z.string().max(1000),
  /** One sentence: what to do. */
  remedy: z.string().max(1000),
});
export type NodeFault = z.infer<typeof nodeFaultSchema>;
