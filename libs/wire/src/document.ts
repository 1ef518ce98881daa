import { z } from 'zod';

/** SHA-256 of a document's content, in lower-case hexadecimal: the document's id on every node. */
export const documentHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'a document id is 64 hexadecimal characters');
export type DocumentHash = string;

/** Names and titles are text for people, never paths: control characters are refused at the edge. */
const label = z
  .string()
  .max(300)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters');

/** What a list or a hit says of a document. */
export const documentSummarySchema = z.object({
  hash: documentHashSchema,
  /** The document's own title where it has one, else its file name. */
  title: label,
  /** File name without folders. */
  name: label,
  mediaType: z.string().regex(/^[a-z0-9.+-]{1,80}\/[a-z0-9.+-]{1,80}$/),
  /** Bytes. */
  size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Milliseconds since 1970: when the file was last changed, or the upload received. */
  modifiedAt: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});
export type DocumentSummary = z.infer<typeof documentSummarySchema>;
