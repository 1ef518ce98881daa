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
];
