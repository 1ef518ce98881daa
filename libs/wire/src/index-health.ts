import { z } from 'zod';

/**
 * What can be wrong with the index of a node. `index_away`: it does not answer. `index_refused`: it does not accept this
 * node's user. `index_gone`: it was deleted, and is made anew. `index_red`: a part of it has no place, so that it neither
 * finds nor takes anything. `disk_full`: it is found, and takes nothing, until its disk has room again. `disk_nearly_full`: that comes next. `index_blocked`: a person
 * made it read-only.
 */
export const indexFindingSchema = z.object({
  code: z.enum([
    'index_away',
    'index_refused',
    'index_gone',
    'index_red',
    'disk_full',
    'disk_nearly_full',
    'index_blocked',
  ]),
  /** One sentence for the owner. */
  message: z.string().max(1000),
});
export type IndexFinding = z.infer<typeof indexFindingSchema>;

/** Part of the owner's `GET /api/status`. Without findings all is well. */
export const indexHealthSchema = z.object({
  engine: z.enum(['memory', 'sqlite', 'elasticsearch']),
  findings: z.array(indexFindingSchema).max(8),
  /** What is worth saying and no fault, such as how many shards there are. */
  note: z.string().max(300).optional(),
});
export type IndexHealth = z.infer<typeof indexHealthSchema>;
