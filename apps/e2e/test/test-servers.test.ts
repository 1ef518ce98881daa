import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../src/texts/repository.ts';

test('CONTRIBUTING names the servers of the Compose file for tests as they are published', () => {
  const manual = readText('CONTRIBUTING.md');
  const compose = readText('tools/test-servers.compose.yml');
  const published = [...compose.matchAll(/'127\.0\.0\.1:(\d+):(\d+)'/g)].map(([, outside, inside]) =>
    inside === '6379' ? `redis://127.0.0.1:${outside}` : `http://127.0.0.1:${outside}`,
  );
  const named = /^export KITH_TEST_REDIS_URL=(\S+) KITH_TEST_ELASTICSEARCH_URL=(\S+)$/m.exec(manual) ?? [];
  assert.deepEqual(
    named
      .slice(1)
      .flatMap((urls) => urls.split(','))
      .sort(),
    published.sort(),
  );
  assert.equal(published.length, 3);
  // Everything that the file publishes is on loopback.
  assert.equal((compose.match(/^ +ports: /gm) ?? []).length, 3);
  assert.ok(manual.includes('docker compose -f tools/test-servers.compose.yml up -d --wait'));
});
