import { plainLine } from '../output/plain-text.ts';
import type { OutputStream } from '../output/terminal.ts';

const LEVELS: Record<number, string> = { 40: 'warning', 50: 'error', 60: 'error' };

/** Takes the log's JSON lines and writes each as one sentence for a person at a terminal. */
export function calmLog(stream: OutputStream): { write(line: string): void } {
  return {
    write(line) {
      stream.write(`${sentence(line)}\n`);
    },
  };
}

function sentence(line: string): string {
  try {
    const { level, time, msg, err, service } = JSON.parse(line);
    const at = new Date(Number(time)).toTimeString().slice(0, 8);
    const reason = typeof err?.message === 'string' ? `: ${err.message}` : '';
    return plainLine(`${at} ${LEVELS[level] ?? 'note'}${service ? ` (${service})` : ''}: ${msg ?? ''}${reason}`);
  } catch {
    return plainLine(line);
  }
}
