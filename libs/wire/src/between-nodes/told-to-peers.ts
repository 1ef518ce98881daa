import { z } from 'zod';
import { GATEWAY_API } from '../headers.ts';
import { type NodeId, shortId } from '../node-id.ts';
import { nodeNameSchema } from '../node-name.ts';

/** `GET`, between gateways: what a node tells the peers that its owner trusts, and nobody else. */
export const TOLD_PATH = `${GATEWAY_API}/told`;
/** Largest answer that is read, in bytes of body. */
export const TOLD_MAX_BYTES = 1024;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const toldSchema = z.object({
  name: nodeNameSchema,
  /** `version` grows whenever the documents change. */
  documents: z.object({ count, version: count }),
});
export type Told = z.infer<typeof toldSchema>;

/** What a pingback says in place of the documents: everybody on the LAN reads it. */
export const UNTOLD_DOCUMENTS: Told['documents'] = { count: 0, version: 0 };

/** The name in the pingback of a node that gives its own to trusted peers only. */
export const untoldName = (id: NodeId): string => `kith-${shortId(id)}`;
