/** One line of the closing table: what is attacked, by which test files, and what they show where all of them pass. */
export interface Attack {
  readonly name: string;
  /** Relative to the root. */
  readonly files: readonly string[];
  /** What held; files that count their tries say it themselves. */
  readonly held?: string;
}

/** The standing attack. A fault that was mended with a test of its own is attacked by that test. */
export const ATTACKS: readonly Attack[] = [
  { name: 'hostile pingback answers', files: ['apps/scanner/test/attack-answers.test.ts'] },
  { name: 'hostile search answers', files: ['apps/exchange/test/search/attack-answers.test.ts'] },
  {
    name: 'hostile event streams',
    files: ['apps/web/test/attack-streams.test.ts', 'apps/node/test/attack-streams.test.ts'],
  },
  { name: 'hostile bytes at every port', files: ['apps/e2e/attack/sockets.test.ts'] },
  { name: 'kills under load', files: ['apps/e2e/attack/kills.test.ts'] },
  { name: 'EIO in each call', files: ['apps/e2e/attack/failing-disk.test.ts'] },
  { name: 'clock jumps of years', files: ['apps/e2e/attack/clock-jumps.test.ts'] },
  { name: '64 descriptors', files: ['apps/e2e/attack/few-descriptors.test.ts'] },
  { name: 'mixed soak', files: ['apps/e2e/attack/soak.test.ts'] },
];
