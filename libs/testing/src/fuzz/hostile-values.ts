import type { Random } from './random.ts';

/** Texts on which readers fell before, here or elsewhere: none may be taken for a path, a number, HTML or a command. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\r\n\r\nGET / HTTP/1.1',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/dev/zero',
  'CON',
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '\u001b]0;title\u0007\u001b[2J',
  '\u202egnp.exe',
  '\ufeff',
  '\ud800',
  '\udfff\ud800',
  'a\u0300'.repeat(500),
  '﷽'.repeat(200),
  '__proto__',
  'constructor',
  'toString',
  '%00%2e%2e%2f',
  '$$(id)',
  "' OR 1=1 --",
  '"*" NEAR/1 "',
  '1e999',
  '-0',
  '0x10',
  'NaN',
  'null',
  'true',
  'x'.repeat(5000),
];

export const HOSTILE_NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1,
  0.5,
  1e-320,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
];

/** Any JSON value, seldom deep. */
export function hostileValue(random: Random, depth = 0): unknown {
  const kind = random.int(depth > 3 ? 5 : 8);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return random.pick(HOSTILE_NUMBERS);
  if (kind <= 4) return random.pick(HOSTILE_TEXTS);
  // Long ones hold nothing that is long itself: readers bound the whole, so that more would only cost time.
  if (random.chance(0.02)) return Array.from({ length: 1_000 }, () => random.pick(HOSTILE_NUMBERS));
  const length = random.int(4);
  if (kind <= 6) return Array.from({ length }, () => hostileValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length }, (_, i) => [
      random.chance(0.3) ? random.pick(HOSTILE_TEXTS) : `k${i}`,
      hostileValue(random, depth + 1),
    ]),
  );
}
