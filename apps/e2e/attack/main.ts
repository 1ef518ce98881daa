/**
 * The standing attack: `npm run test:attack [-- --long] [words of the attacks to run]`. Ends with a table of what was tried
 * and what held. `KITH_ATTACK_SEED` repeats a run; `--long` soaks for ten minutes.
 */
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { closingTable, type Outcome, readTold } from '../src/attack/closing-table.ts';
import { ATTACKS } from '../src/attack/suite.ts';
import { root } from '../src/texts/repository.ts';

const given = process.argv.slice(2);
const words = given.filter((one) => !one.startsWith('-')).map((one) => one.toLowerCase());
const chosen = ATTACKS.filter(
  ({ name, files }) =>
    words.length === 0 || words.some((word) => `${name} ${files.join(' ')}`.toLowerCase().includes(word)),
);
const files = [...new Set(chosen.flatMap((attack) => attack.files))];
const missing = files.filter((file) => !existsSync(join(root, file)));
if (missing.length > 0 || files.length === 0) {
  console.error(files.length === 0 ? 'No attack has these words in its name.' : `There is no ${missing.join(', ')}.`);
  process.exit(1);
}

process.env.KITH_ATTACK ??= 'whole';
process.env.KITH_ATTACK_SEED ??= String(randomInt(2 ** 31));
if (given.includes('--long')) process.env.KITH_ATTACK_LONG = '1';
const seed = `KITH_ATTACK_SEED=${process.env.KITH_ATTACK_SEED}`;
console.log(`Attacks: ${chosen.length}, in ${files.length} files; ${seed}\n`);

type Counts = {
  -readonly [K in keyof Outcome]: Outcome[K] extends number ? number : { tries: number; held: string }[];
};
const outcomes = new Map<string, Counts>();
const of = (file: string | undefined): Counts => {
  const name = relative(root, file ?? '');
  const counts = outcomes.get(name) ?? { passed: 0, failed: 0, skipped: 0, told: [] };
  outcomes.set(name, counts);
  return counts;
};
// One at a time: two attacks beside each other would measure each other's memory and time.
const tests = run({ files: files.map((file) => join(root, file)), cwd: root, concurrency: 1 });
tests.on('test:pass', ({ file, skip }) => {
  if (skip) of(file).skipped++;
  else of(file).passed++;
});
tests.on('test:fail', ({ file }) => {
  of(file).failed++;
  process.exitCode = 1;
});
tests.on('test:diagnostic', ({ file, message }) => {
  const told = readTold(message);
  if (told) of(file).told.push(told);
});
tests.compose(spec).pipe(process.stdout);
await new Promise((resolve) => tests.once('end', resolve));

const sumOf = (paths: readonly string[]): Outcome => {
  const all = paths.map((path) => outcomes.get(path)).filter((one) => one !== undefined);
  const sum = (read: (one: Outcome) => number) => all.reduce((total, one) => total + read(one), 0);
  return {
    passed: sum((one) => one.passed),
    failed: sum((one) => one.failed),
    skipped: sum((one) => one.skipped),
    told: all.flatMap((one) => one.told),
  };
};
const rows = chosen.map((attack) => [attack, sumOf(attack.files)] as const);
process.once('exit', () => console.log(`\n${closingTable(rows)}\n\n${seed}`));
