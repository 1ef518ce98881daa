import { z } from 'zod';

/**
 * The body of every error answer of every Kith service. `error` is a stable code for programs, `message` one sentence
 * for people that says what to do; neither ever carries the inside of a 5xx.
 */
export const errorBodySchema = z.object({
  error: z.string().regex(/^[a-z][a-z0-9_]{1,63}$/),
  message: z.string().max(2000),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
