import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { waitFor } from '@kith/testing';
import { recipesOf } from '../src/texts/manual-recipes.ts';
import { found, isFound, type LabRoom } from './lab-room.ts';

const run = promisify(execFile);

/** What has no end, or has its own test against a plain server because it changes what the others here rely on. */
const NOT_HERE = ['Events as they happen', 'Forget a peer', 'The disk is full', 'Index everything anew'];

/** The manual's blocks for Docker Compose, as they stand there. */
export async function manualSteps(t: TestContext, tool: string, { ana, ben, dora, say }: LabRoom): Promise<void> {
  const { number } = ana.host;
  const runBlock = async (code: string) => {
    // On a machine of its own `docker` needs no help; here it is told which of the machines is meant.
    const docker = `docker() {
      if [ "$1" = compose ]; then shift; "${tool}" compose ${number} "$PWD" "$@"; else "${tool}" docker ${number} "$@"; fi
    }
    curl() { "${tool}" exec ${number} curl "$@"; }`;
    const { stdout } = await run('bash', ['-ec', `${docker}\n${code}`], { cwd: ana.folder, timeout: 120_000 });
    return stdout;
  };

  for (const section of ['Looking at peers with the Redis CLI', 'Looking at documents in Elasticsearch']) {
    await t.test(`the recipes of "${section}" in Compose`, async () => {
      const [compose, , ...recipes] = recipesOf(section);
      for (const { heading, code } of recipes.filter((one) => !NOT_HERE.includes(one.heading))) {
        const now = code.replace("from='10:00' to='10:15'", "from='15 minutes ago' to='now'");
        const output = await runBlock(`${compose?.code}\n${now}`);
        say(`${heading}\n${output.trim().slice(0, 500)}`);
        if (heading === 'Who is here') for (const name of ['ben', 'chidi', 'dora']) assert.ok(output.includes(name));
      }
    });
  }

  await t.test('the command line and the metrics, as the manual asks them in Compose', async () => {
    const withCompose = (section: string) => {
      const found = recipesOf(section).filter(({ code }) =>
        /^docker compose (run --rm kith|exec -T exchange)/m.test(code),
      );
      assert.equal(found.length, 1, section);
      return found[0]?.code ?? '';
    };
    const asked = await runBlock(withCompose('With Docker Compose'));
    for (const shown of [/^ben /m, /filter\.txt/, /^ok +peer +ben/m]) assert.match(asked, shown);
    const metrics = await runBlock(withCompose('Health and metrics'));
    for (const shown of [/^kith_peers\{state="alive"\} 3$/m, /^kith_documents [1-9]/m]) assert.match(metrics, shown);
  });

  await t.test('backup and restore in Compose', async () => {
    const [, , backUp = '', restore = ''] = recipesOf('Backup and restore').map(({ code }) => code);
    const own = (code: string) => code.replaceAll(/\bkith_(data|redis|elasticsearch)\b/g, `kith${number}_$1`);
    const hash = await ana.post('compass', 'A compass points to the north.');
    const before = await ana.node();
    const everything = (await found(dora, 'water filter')).length;
    await runBlock(own(backUp));
    assert.equal(statSync(join(ana.folder, 'kith-backup.tgz')).mode & 0o777, 0o600);
    await waitFor(() => isFound(ana, 'compass'), { what: 'ana to be back after the backup', timeoutMs: 60_000 });
    await ana.compose('down', '--volumes');
    await runBlock(own(restore));
    await waitFor(
      async () =>
        (await isFound(ana, 'compass')) &&
        (await found(ana, 'water filter')).length === everything &&
        (await found(ben, 'water filter')).length === everything,
      { what: 'everything to be there after the restore', timeoutMs: 90_000 },
    );
    assert.equal((await ana.node()).id, before.id);
    assert.ok((await ana.peers()).every(({ trust }) => trust === 'trusted'));
    assert.equal((await ana.ask(`/api/documents/${hash}/content`)).body.toString(), 'A compass points to the north.');
    say('backup, loss of all volumes, restore: the same node, trust, documents and uploads');
  });
}
