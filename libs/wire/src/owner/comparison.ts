import { z } from 'zod';
import { nodeIdSchema } from '../node-id.ts';

/** Where two owners are with each other; `waiting`: this owner has said that the numbers are the same, the other not yet. */
export const PAIRING_STATES = [
  'pending',
  'knocked',
  'comparing',
  'waiting',
  'one-sided',
  'trusted',
  'blocked',
] as const;
export type PairingState = (typeof PAIRING_STATES)[number];

/** `waiting` for the other owner to open it; `exchanging`: a commitment was sent or received; `number`: it is there. */
export const COMPARISON_STEPS = ['waiting', 'exchanging', 'number'] as const;
export type ComparisonStepName = (typeof COMPARISON_STEPS)[number];

export const COMPARISON_ENDS = [
  'same',
  'one-sided',
  'different',
  'other-says-different',
  'broken-off',
  'cancelled',
  'time-is-up',
] as const;
export type ComparisonEnd = (typeof COMPARISON_ENDS)[number];

const who = z.object({ id: nodeIdSchema, shortId: z.string(), name: z.string(), label: z.string() });
const seconds = z.number().min(0);

/** `GET /_kith/comparison`: the comparison of numbers that is open on this node, of which there is one at most. */
export const comparisonViewSchema = z.object({
  open: z
    .object({
      peer: who,
      step: z.enum(COMPARISON_STEPS),
      /** Six digits, once both nodes have them. */
      number: z.string().optional(),
      saidSame: z.boolean(),
      otherSaidSame: z.boolean(),
      secondsLeft: seconds,
    })
    .optional(),
  /** A peer whose owner wants to compare now. */
  knock: z.object({ peer: who, secondsLeft: seconds }).optional(),
  /** How the one before ended, in a word and in a sentence. */
  last: z.object({ peer: who, end: z.enum(COMPARISON_ENDS), message: z.string() }).optional(),
  /** Set while comparisons are closed, after too many that ended badly. */
  closedForSeconds: seconds.optional(),
});
export type ComparisonView = z.infer<typeof comparisonViewSchema>;

/** `POST /_kith/peers/<peer>/comparison/answer`: what the owner says. For “the same” with the number that the other shows. */
export const comparisonAnswerSchema = z.union([
  z.strictObject({ same: z.literal(true), number: z.string().regex(/^\d{6}$/, 'six digits') }),
  z.strictObject({ same: z.literal(false) }),
]);
