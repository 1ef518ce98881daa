import { z } from 'zod';

export interface NumberTextOptions {
  readonly min: number;
  readonly max: number;
  /** What is accepted, for the message. Default: the range. */
  readonly error?: string;
}

/**
 * A whole number as people, settings, options and query strings write it: decimal digits and nothing else. JavaScript
 * takes much more for a number (`0x10`, `1e3`, blanks as 0), which nobody means.
 */
export const wholeNumber = ({
  min,
  max,
  error = `accepted: a whole number from ${min} to ${max}`,
}: NumberTextOptions) => numberText(/^(?:0|[1-9]\d{0,15})$/, { min, max, error });

/** The same with decimals after a point, such as `0.5`. */
export const decimalNumber = ({ min, max, error = `accepted: a number from ${min} to ${max}` }: NumberTextOptions) =>
  numberText(/^(?:0|[1-9]\d{0,15})(?:\.\d{1,9})?$/, { min, max, error });

const numberText = (form: RegExp, { min, max, error }: Required<NumberTextOptions>) =>
  z
    .string({ error })
    .regex(form, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error));
