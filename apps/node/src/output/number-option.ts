import { type NumberTextOptions, wholeNumber } from '@kith/wire';
import { InvalidArgumentError } from 'commander';

/** For an option that is a whole number: the parser that commander calls. */
export function numberOption(options: NumberTextOptions): (text: string) => number {
  const schema = wholeNumber(options);
  return (text) => {
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    throw new InvalidArgumentError(`${(result.error.issues[0]?.message ?? '').replace(/^a/, 'A')}.`);
  };
}
