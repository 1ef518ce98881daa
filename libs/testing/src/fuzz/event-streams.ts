import { HOSTILE_TEXTS, hostileValue } from './hostile-values.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { Random } from './random.ts';

const NAMES = ['results', 'done', 'error', 'message', 'failed', ...HOSTILE_TEXTS];
const ENDS = ['\n', '\r\n', '\r'];

/**
 * A stream of server-sent events as a broken or hostile server writes it: fields of every kind, line ends of every kind,
 * data that is no JSON, bytes that are no UTF-8, an end in the middle.
 */
export function makeEventStream(random: Random): Buffer {
  const lines: string[] = random.chance(0.1) ? ['\ufeff'] : [];
  for (let events = random.int(8); events > 0; events--) {
    const end = random.pick(ENDS);
    if (random.chance(0.5)) lines.push(`event: ${oneLine(random.pick(NAMES))}${end}`);
    if (random.chance(0.3)) lines.push(`id: ${oneLine(random.pick(HOSTILE_TEXTS))}${end}`);
    if (random.chance(0.1)) lines.push(`retry: ${random.pick(['1', '-1', '1e9', '99999999999', 'x'])}${end}`);
    if (random.chance(0.1)) lines.push(`${oneLine(random.pick(HOSTILE_TEXTS))}${end}`);
    for (let data = random.int(4); data > 0; data--) {
      const text = random.chance(0.6) ? JSON.stringify(hostileValue(random)) : oneLine(random.pick(HOSTILE_TEXTS));
      lines.push(`data${random.pick([': ', ':', ''])}${text}${random.pick([end, end, random.pick(ENDS)])}`);
    }
    if (random.chance(0.9)) lines.push(end);
  }
  const bytes = Buffer.from(lines.join(''));
  return random.chance(0.5) ? mutateBytes(random, bytes) : bytes;
}

const oneLine = (text: string) => text.replace(/[\r\n]/g, ' ');
