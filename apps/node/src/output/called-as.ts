/** How the person starts this program, for hints: `given` (KITH_COMMAND) where only they know, as in a container. */
export function calledAs({ given, byNpm }: { given: string | undefined; byNpm: boolean }): string {
  const line = given?.replace(/\s+/g, ' ').trim().slice(0, 200);
  return line || (byNpm ? 'npm run kith --' : 'kith');
}

/** Whether the command line runs in a container of the Compose file, beside services that run apart. */
export const isCompose = (kith: string): boolean => /^docker[ -]compose /.test(kith);

/** What starts a node there; `--` where flags may follow. */
export function startCall(kith: string): string {
  if (isCompose(kith)) return 'docker compose up -d';
  return kith.startsWith('npm ') ? 'npm start' : `${kith} start`;
}
