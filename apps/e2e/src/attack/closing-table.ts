import type { Attack } from './suite.ts';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What the tests themselves told: `attack: <tries> · <what held>`. */
  readonly told: readonly { readonly tries: number; readonly held: string }[];
}

const TOLD = /^attack: (\d+) · (.+)$/;

/** Reads a test's diagnostic, or undefined for one that is about something else. */
export function readTold(diagnostic: string): { tries: number; held: string } | undefined {
  const match = TOLD.exec(diagnostic);
  return match ? { tries: Number(match[1]), held: match[2] ?? '' } : undefined;
}

/** The table that closes an attack, a line for each: attack · tries · what held. Tries are tests where none are counted. */
export function closingTable(rows: readonly (readonly [Attack, Outcome])[]): string {
  const cells = rows.map(([attack, outcome]) => {
    const counted = outcome.told.reduce((sum, { tries }) => sum + tries, 0);
    const tries = counted > 0 ? counted.toLocaleString('en') : `${outcome.passed + outcome.failed} tests`;
    return [attack.name, tries, stateOf(attack, outcome)] as const;
  });
  const all = rows.flatMap(([, { told }]) => told).reduce((sum, { tries }) => sum + tries, 0);
  const lines = [['attack', 'tries', 'what held'] as const, ...cells, ['all', all.toLocaleString('en'), ''] as const];
  const [first, second] = [0, 1].map((i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map(([name, tries, held]) => `${name.padEnd(first ?? 0)} · ${tries.padStart(second ?? 0)} · ${held}`)
    .join('\n');
}

function stateOf({ held }: Attack, { passed, failed, skipped, told }: Outcome): string {
  if (failed > 0) return `FELL: ${failed} of ${passed + failed}`;
  if (passed === 0) return skipped > 0 ? 'not tried here (skipped)' : 'NOT TRIED';
  const words = [...new Set(told.map((one) => one.held)), ...(held === undefined ? [] : [held])];
  return `${words.join('; ')}${skipped > 0 ? ` (${skipped} skipped)` : ''}`;
}
