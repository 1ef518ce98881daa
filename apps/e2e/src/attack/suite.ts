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
  {
    name: 'between two owners who compare',
    files: [
      'apps/gateway/test/pairing/between-two-owners.test.ts',
      'apps/gateway/test/pairing/comparison-by-hand.test.ts',
      'libs/membership/test/comparison/knocks.test.ts',
    ],
    held: 'no pair of equal numbers for 300 identities, and both owners are told',
  },
  {
    name: 'names that look alike',
    files: ['libs/membership/test/look-alikes.test.ts'],
    held: 'refused or warned of',
  },
  {
    name: 'trust taken back',
    files: ['apps/gateway/test/pairing/trust-taken-back.test.ts'],
    held: 'ends what runs at once, on a disk that takes no write too',
  },
  {
    name: 'the code in the list of processes',
    files: ['apps/node/test/commands/pairing-code.test.ts'],
    held: 'never an argument, never shown',
  },
  {
    name: 'a stranger who asks for documents',
    files: ['apps/pingback/test/pingback.test.ts', 'apps/gateway/test/told.test.ts'],
    held: 'learns neither number nor change, nor the name where that is kept back',
  },
  {
    name: 'a thousand identities',
    files: ['apps/scanner/test/record/newcomers.test.ts'],
    held: 'a few peers, one device, the owner’s history stays',
  },
  {
    name: 'half-open requests from 20 addresses',
    files: ['apps/pingback/test/places/crowd.test.ts', 'apps/scanner/test/watch/gateway-answers.test.ts'],
    held: 'known peers and newcomers are answered',
  },
  {
    name: 'another user of the computer',
    files: ['apps/e2e/test/another-user.test.ts', 'apps/gateway/test/door/entrance.test.ts'],
    held: '401, and nothing is read, shared, trusted or deleted',
  },
  {
    name: 'a website',
    files: ['apps/e2e/test/guarded-answers.test.ts', 'apps/gateway/test/owner-rules.test.ts'],
    held: 'learns nothing and starts nothing',
  },
  {
    name: 'a folder swapped for a link',
    files: ['apps/exchange/test/folders/swapped-folder.test.ts', 'apps/exchange/test/folders/open-inside.test.ts'],
    held: 'nothing from outside is served or indexed',
  },
  {
    name: 'a share that holds secrets',
    files: ['apps/exchange/test/folders/share-gate.test.ts', 'apps/exchange/test/folders/secrets.test.ts'],
    held: 'one gate for page, command and setting',
  },
  {
    name: 'what was removed, and other users’ eyes',
    files: ['libs/embedded-sqlite/test/documents-deleted-text.test.ts', 'libs/identity/test/private-folder.test.ts'],
    held: 'removed text is in no file, the data folder is its owner’s only',
  },
  {
    name: 'a trail that is to be pushed out',
    files: ['apps/exchange/test/http/audit-trail.test.ts', 'apps/gateway/test/door/security-audit.test.ts'],
    held: 'the owner’s entries stay',
  },
  {
    name: 'an upload that meets a deletion',
    files: ['apps/exchange/test/uploads/upload-and-deletion.test.ts'],
    held: 'never half a document',
  },
  {
    name: 'files that bring the reader down',
    files: ['apps/exchange/test/reading/left-out.test.ts', 'apps/exchange/test/reading/big-files.test.ts'],
    held: 'left out with the reason, the others are found',
  },
  {
    name: 'a peer that counts falsely',
    files: ['apps/exchange/test/search/lying-count.test.ts'],
    held: 'left out with the reason',
  },
  {
    name: 'full, missing, failing and read-only disk',
    files: ['apps/exchange/test/disk-full.test.ts', 'apps/node/test/health/faults.test.ts'],
    held: 'said with the remedy, nothing left behind, deleting and starting work',
  },
  {
    name: 'power cut',
    files: ['apps/exchange/test/power-cut.test.ts', 'apps/exchange/test/index-lost.test.ts'],
    held: 'what was acknowledged is there',
  },
  {
    name: 'a damaged table of peers',
    files: ['libs/embedded-sqlite/test/trust-copy.test.ts', 'libs/identity/test/identity.test.ts'],
    held: 'decisions come from the second copy, no person is needed',
  },
  {
    name: 'bit rot',
    files: ['apps/exchange/test/content/damage.test.ts', 'apps/exchange/test/content/scrub.test.ts'],
    held: 'never given as whole, leaves the results',
  },
  { name: 'kills under load', files: ['apps/e2e/attack/kills.test.ts'] },
  { name: 'EIO in each call', files: ['apps/e2e/attack/failing-disk.test.ts'] },
  { name: 'clock jumps of years', files: ['apps/e2e/attack/clock-jumps.test.ts'] },
  { name: '64 descriptors', files: ['apps/e2e/attack/few-descriptors.test.ts'] },
  {
    name: 'the chain of supply',
    files: ['apps/e2e/test/supply-chain.test.ts'],
    held: 'hashes for all, no install script, pinned actions',
  },
  { name: 'mixed soak', files: ['apps/e2e/attack/soak.test.ts'] },
];
