import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText, repositoryFiles } from '../src/texts/repository.ts';

/** Shortest limit on what a test waits for: on a machine that does other things too, everything takes ten times as long. */
const PATIENT_MS = 60_000;

const tests = repositoryFiles().filter(
  (file) =>
    (/^(apps|libs)\/[^/]+\/(test|compliance|slow|lab)\/.*\.ts$/.test(file) || /^libs\/testing\/src\//.test(file)) &&
    file !== 'apps/e2e/test/timed-tests.test.ts',
);

const NOW = String.raw`(?:performance\.now|Date\.now|process\.hrtime(?:\.bigint)?)\(\)`;

/** Statements that assert how long something took by the clock on the wall, or that give such a time to who asserts it. */
function timedAssertions(source: string): string[] {
  const all = statements(source);
  // Names of what was measured: `const ms = performance.now() - from`, `{ at: performance.now() - from }`, `.push(…)`.
  const measured = new RegExp(String.raw`(\w+)(?: ?[=:] ?|\.push\()\(?${NOW} - `, 'g');
  const names = new Set([...source.matchAll(measured)].map(([, name = '']) => name));
  // What is reckoned from it: `const p99 = waits.toSorted()…`.
  for (const statement of all) {
    const [, name = '', from = ''] = /^\s*const (\w+) = ([\s\S]*)/.exec(statement) ?? [];
    if ([...names].some((one) => new RegExp(String.raw`\b${one}\b`).test(from)) && /^Math\.|sort|\[/i.test(from))
      names.add(name);
  }
  const compared = [...names].map(
    (one) => String.raw`\b${one}\b(?:\.\w+\(.*\))?\)? ?[<>]|[<>]=? ?(?:\w+\.)?\b${one}\b`,
  );
  const suspect = new RegExp([`${NOW} - `, ...compared].join('|'));
  return all.filter(
    (one) =>
      (/^\s*assert\b/.test(one) && suspect.test(one)) || new RegExp(String.raw`^\s*return\b.*${NOW} - `).test(one),
  );
}

/** Limits below PATIENT_MS on the run of a test, a program or a connection that it waits for. */
function shortLimits(source: string): string[] {
  return statements(source).filter((line) =>
    [...line.matchAll(/\btimeout: ([\d_]+)|AbortSignal\.timeout\(([\d_]+)\)/g)].some(
      ([, option, signal]) => Number((option ?? signal ?? '').replaceAll('_', '')) < PATIENT_MS,
    ),
  );
}

const statements = (source: string) =>
  source.split(/;\n/).flatMap((part) => part.split(/\n(?=\s*(?:assert|const|return|test)\b)/));

const found = (look: (source: string) => string[]) =>
  tests.flatMap((file) => look(readText(file)).map((text) => `${file}: ${text.trim().slice(0, 160)}`));

test('no test asserts how long something took by the clock on the wall', () => {
  assert.ok(tests.length > 100);
  assert.deepEqual(found(timedAssertions), []);
});

test('no test gives up on what a busy machine still does', () => {
  assert.deepEqual(found(shortLimits), []);
});

test('what the rules look for is found', () => {
  const timed = [
    'assert.ok(performance.now() - from < 300);',
    'const ms = performance.now() - start;\n  assert.ok(ms < 2500, "slow");',
    'events.push({ at: performance.now() - from });\n  assert.ok(last.at < 1000, "late");',
    'waits.push(performance.now() - from);\n  const p99 = waits.toSorted()[9];\n  assert.ok(p99 < 250);',
    'const took = Date.now() - begun;\n  assert.ok(300 > took);',
    'return performance.now() - before;',
    'return { code, ms: performance.now() - from };',
  ];
  for (const source of timed) assert.equal(timedAssertions(source).length, 1, source);
  const fine = [
    'const from = performance.now();\n  t.diagnostic(String(performance.now() - from));',
    'const left = 3;\n  assert.ok(left < 4);',
  ];
  for (const source of fine) assert.deepEqual(timedAssertions(source), []);
  for (const source of ["test('x', { skip, timeout: 20_000 }, () => {});", 'signal: AbortSignal.timeout(3_000)'])
    assert.equal(shortLimits(source).length, 1, source);
});
