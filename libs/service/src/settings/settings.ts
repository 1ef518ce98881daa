import { readFileSync } from 'node:fs';
import { wholeNumber } from '@kith/wire';
import { z } from 'zod';

/** One setting of a service: the environment variable that sets it, its rule, and one sentence for the manual. */
export interface Setting<T = unknown> {
  readonly env: string;
  readonly schema: z.ZodType<T>;
  /** What it does, with unit and default and the reason for the default. Printed by `--help` and in the manual. */
  readonly about: string;
  /** The value holds a password or the like: it is repeated in no message. */
  readonly secret?: true;
}
export type Settings = Record<string, Setting>;
export type Values<S extends Settings> = { [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export function setting<T>(env: `KITH_${string}`, schema: z.ZodType<T>, about: string): Setting<T> {
  return { env, schema, about };
}

export function secretSetting<T>(env: `KITH_${string}`, schema: z.ZodType<T>, about: string): Setting<T> {
  return { env, schema, about, secret: true };
}

/** Every problem of a configuration in one error; its message is written for the person who starts the node. */
export class ConfigError extends Error {
  readonly code = 'bad_configuration';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads `settings` from an environment. `NAME_FILE` gives a file that holds the value of `NAME` (for secrets); an empty
 * variable counts as not set, and blanks are no value. Throws one ConfigError that lists all problems.
 */
export function readSettings<S extends Settings>(settings: S, env: Record<string, string | undefined>): Values<S> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, { env: name, schema, about, secret }] of Object.entries(settings)) {
    const given = givenValue(name, env, problems);
    if (given === problems) continue;
    const result = schema.safeParse(given);
    if (result.success) values[key] = result.data;
    else
      problems.push(`${name}${secret ? '' : shown(given)}: ${result.error.issues.map(issueText).join('; ')}. ${about}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Values<S>;
}

/** Variables that look like ours and that no service knows: a typing mistake would else be silent. */
export function unknownSettings(known: Iterable<string>, env: Record<string, string | undefined>): string[] {
  const names = new Set([...known].flatMap((name) => [name, `${name}_FILE`]));
  return Object.keys(env).filter(
    (name) => name.startsWith('KITH_') && !name.startsWith('KITH_TEST_') && !names.has(name),
  );
}

function givenValue(name: string, env: Record<string, string | undefined>, problems: string[]): unknown {
  const file = env[`${name}_FILE`];
  if (!file) return plainValue(name, env[name], problems);
  if (env[name]) {
    problems.push(`${name} and ${name}_FILE are both set: set one of them`);
    return problems;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code}): name a readable file`);
    return problems;
  }
}

function plainValue(name: string, given: string | undefined, problems: string[]): unknown {
  if (given === undefined || given === '') return undefined;
  if (given.trim() !== '') return given;
  // Taken as it is, it would be a folder with a strange name, or the number 0.
  problems.push(`${name} holds nothing but blanks: give it a value, or leave it out`);
  return problems;
}

const shown = (given: unknown) =>
  typeof given === 'string' && given.length < 60 ? ` is ${JSON.stringify(given)}` : '';
const issueText = (issue: z.core.$ZodIssue) => issue.message;

/** `1`, `true`, `yes`, `on` and their opposites. */
export const flagSchema = (defaultValue: boolean) =>
  z
    .enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'], {
      error: 'accepted: on, off, yes, no, true, false, 1, 0',
    })
    .transform((value) => ['1', 'true', 'yes', 'on'].includes(value))
    .default(defaultValue);

/** A port; 0 takes a free one. */
export const portSchema = (defaultValue: number) =>
  wholeNumber({ min: 0, max: 65_535, error: 'accepted: a port number from 1 to 65535' }).default(defaultValue);

/** A list separated by commas; empty parts are dropped. */
export const listSchema = <T>(item: z.ZodType<T, string>) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));
