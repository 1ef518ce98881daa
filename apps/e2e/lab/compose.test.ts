import { resolve } from 'node:path';
import { test } from 'node:test';
import { makePairingCode } from '@kith/identity';
import { skipUnless } from '@kith/testing';
import { openComposeLab } from '../src/compose/compose-lab.ts';
import { faultSteps } from './fault-steps.ts';
import { manualSteps } from './manual-steps.ts';
import { ownerSteps } from './owner-steps.ts';
import { scalingSteps } from './scaling-steps.ts';
import { storySteps } from './story-steps.ts';

const given = process.env.KITH_TEST_COMPOSE_LAB ?? '';
const tool = resolve(given);
const skip = skipUnless(given !== '', 'needs a Compose lab: KITH_TEST_COMPOSE_LAB (see CONTRIBUTING)');
const seconds = Number(process.env.KITH_TEST_SECONDS ?? 60);

test('three machines with Docker Compose, and one with an embedded node', { skip, timeout: 1_800_000 }, async (t) => {
  const from = performance.now();
  const say = (line: string) => console.log(`[${((performance.now() - from) / 1_000).toFixed(0)} s] ${line}`);
  const lab = await openComposeLab(tool, 4);
  t.after(() => lab.close());
  say('images are built, four machines are up');
  const code = makePairingCode();
  const machine = (number: number, name: string) =>
    lab.machine(number, [`KITH_NAME=${name}`, 'KITH_PAIRING_CODE_FILE=./secrets/pairing-code'], {
      'pairing-code': code,
    });
  const [ana, ben, chidi] = await Promise.all([machine(1, 'ana'), machine(2, 'ben'), machine(3, 'chidi')]);
  const dora = await storySteps(t, { ana, ben, chidi, say, seconds }, (share) =>
    lab.embedded(4, 'dora', { KITH_PAIRING_CODE: code, KITH_SHARE: share }),
  );
  const room = { ana, ben, chidi, dora, say, seconds };
  await ownerSteps(t, room);
  await scalingSteps(t, room);
  await manualSteps(t, tool, room);
  await faultSteps(t, room);
});
