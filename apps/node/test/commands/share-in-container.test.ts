import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { command } from '../command.ts';
import { fakeGateway, json } from '../fake-gateway.ts';

test('in a container of Compose it is said which folder the node sees there', async (t) => {
  const url = await fakeGateway(t, {}, (_request, response) => {
    response.statusCode = 400;
    json(response, { error: 'bad_request', message: 'There is no such folder.' });
  });
  const at = { cwd: tempDirectory(t), env: { KITH_NODE: url } };
  const inContainer = { ...at, kith: 'docker compose run --rm kith' };
  const refused = await command(['share', '/home/ana/notes'], inContainer);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^There is no such folder\.\nThe node runs in a container.*KITH_SHARE_FOLDER/);
  assert.match(
    (await command(['share', '--help'], inContainer)).stdout,
    /kith share \/shared\/field-notes\n[\s\S]*KITH_SHARE_FOLDER/,
  );
  assert.equal((await command(['share', '/home/ana/notes'], at)).stderr, 'There is no such folder.\n');
});
