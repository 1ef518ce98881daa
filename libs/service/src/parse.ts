import type { z } from 'zod';
import { ServiceError } from './errors.ts';

/** Parses what came from outside; throws `bad_request` with every problem and where it is. */
export function parse<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 10)
    .map((i) => (i.path.length > 0 ? `${i.path.join('.')}: ${i.message}` : i.message));
  throw new ServiceError('bad_request', `${what} is not right: ${problems.join('; ')}`);
}
