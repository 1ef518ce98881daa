import { arch, cpus, platform, totalmem } from 'node:os';

/** The value below which `share` (0–1) of the sorted samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5);

export const TIMES_HEAD = ['', 'p50', 'p90', 'p99', 'max'];

/** A row under TIMES_HEAD. */
export const timesRow = (what: string, times: readonly number[]): (string | number)[] => [
  what,
  ...[0.5, 0.9, 0.99, 1].map((share) => percentile(times, share)),
];

/** Prints a Markdown table, with the machine and the date above it, ready for docs/benchmarks.md. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const cell = (value: string | number) => (typeof value === 'number' ? formatNumber(value) : value);
  console.log(`\n### ${title}\n`);
  console.log(`${machine()}\n`);
  for (const row of [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))])
    console.log(`| ${row.join(' | ')} |`);
}

function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, ${memory} GiB, ${platform()} ${arch()}, Node ${process.versions.node}`;
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
