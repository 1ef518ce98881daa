import { styleText } from 'node:util';
import { cutToWidth, safeJson, textWidth } from './plain-text.ts';

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}
type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command writes: answers to standard output, everything said about them to standard error. */
export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
  line(text?: string): void;
  /** One JSON value, on one line or indented. */
  json(value: unknown, indent?: number): void;
  note(text: string): void;
  /** Rows of cells, the first row the heads; columns as wide as their widest cell. */
  table(rows: readonly (readonly string[])[]): void;
  style(style: Style, text: string): string;
  raw(text: string): void;
}

/** Colours only where a terminal shows them and nobody objects (https://no-color.org). */
export function createTerminal(
  stdout: OutputStream,
  stderr: OutputStream,
  env: Record<string, string | undefined>,
): Terminal {
  const isTTY = stdout.isTTY === true;
  const colours = isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
  const style = (name: Style, text: string) => (colours ? styleText(name, text, { validateStream: false }) : text);
  const columns = isTTY ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  const line = (text = '') => void stdout.write(`${text}\n`);
  return {
    isTTY,
    columns,
    rows: isTTY ? (stdout.rows ?? 24) : Number.POSITIVE_INFINITY,
    style,
    line,
    raw: (text) => void stdout.write(text),
    json: (value, indent) => line(safeJson(value, indent)),
    note: (text) => void stderr.write(`${text}\n`),
    table(rows) {
      const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? ''))));
      for (const [index, row] of rows.entries()) {
        const cells = row.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - textWidth(cell))));
        const text = cutToWidth(cells.join('  ').trimEnd(), columns);
        line(index === 0 ? style('dim', text) : text);
      }
    },
  };
}
