import { z } from 'zod';

/** What two gateways say to each other below `/_kith/pairing`; POST with JSON both ways, on one TLS connection. */
export const PAIRING_BODY_LIMIT = 1024;

const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url');

/** `/knock`: the owner there has opened the comparison with this node; the answer is whether the owner here has, too. */
export const knockRequestSchema = z.strictObject({});
export const knockAnswerSchema = z.object({ open: z.boolean() });

/** `/commit`: the starter binds itself to its nonce; the answer is the other's nonce, chosen without knowing the starter's. */
export const commitRequestSchema = z.strictObject({ commitment: bytes32 });
export const commitAnswerSchema = z.object({ nonce: bytes32 });

/** `/reveal`: the starter's nonce. After `{}` both sides have the same six digits. */
export const revealRequestSchema = z.strictObject({ nonce: bytes32 });
export const revealAnswerSchema = z.object({});

/** `/say`: what the owner there says of the two numbers. */
export const sayRequestSchema = z.strictObject({ same: z.boolean() });
export const sayAnswerSchema = z.object({});

/** `/code`: proof of the pairing code, in both directions. */
export const codeMessageSchema = z.strictObject({ proof: bytes32 });
