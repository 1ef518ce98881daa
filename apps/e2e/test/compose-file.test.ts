import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NODE_FLAGS } from '../../../tools/node-flags.mjs';
import { readText } from '../src/texts/repository.ts';

const compose = readText('docker-compose.yml');
const example = readText('.env.example');
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const namesIn = (text: string, pattern: RegExp) => sorted([...text.matchAll(pattern)].map(([, name = '']) => name));

test('.env.example explains every variable of the Compose file once, and no other', () => {
  const explained = [...example.matchAll(/^#(KITH_\w+)=/gm)].map(([, name]) => name);
  assert.deepEqual(explained.sort(), namesIn(compose, /\$\{(KITH_\w+)/g));
});

test('what the Compose file sets is a setting that the manual names', () => {
  const manual = readText('docs/operations.md');
  const set = namesIn(compose, /^\s+(KITH_\w+?)(?:_FILE)?: /gm);
  assert.ok(set.length > 10);
  for (const name of set) assert.match(manual, new RegExp(`\`${name}\``), name);
});

test('containers run Node as npm start does, and are asked for their health where the services answer', () => {
  const [entry = ''] = /^ENTRYPOINT .*$/m.exec(readText('Dockerfile')) ?? [];
  assert.deepEqual(JSON.parse(entry.slice('ENTRYPOINT '.length)), ['node', ...NODE_FLAGS, 'service/src/main.ts']);
  const asked = [...readText('tools/ready.sh').matchAll(/\[(\w+)\]=(\d+)/g)].map(([, app, port]) => [app, port]);
  assert.deepEqual(asked.map(([app]) => app).sort(), ['exchange', 'gateway', 'node', 'pingback', 'scanner']);
  for (const [app, port] of asked.filter(([one]) => one !== 'node'))
    assert.match(readText(`apps/${app}/src/main.ts`), new RegExp(`operations: \\{ port: ${port},`), app);
});

test('Redis and Elasticsearch have passwords, which stand in no environment', () => {
  const partOf = (name: string) =>
    new RegExp(`^ {2}${name}:\\n([\\s\\S]*?)(?=^ {2}\\w+:$)`, 'm').exec(compose)?.[1] ?? '';
  assert.match(partOf('redis'), /--requirepass/);
  assert.match(partOf('elasticsearch'), /xpack\.security\.enabled: 'true'/);
  assert.match(
    partOf('elasticsearch'),
    /keystore add --stdin --force bootstrap\.password < \/run\/kith\/elasticsearch-password/,
  );
  assert.doesNotMatch(partOf('elasticsearch'), /^ {4}ports:/m);
  assert.match(partOf('exchange'), /KITH_ELASTICSEARCH_PASSWORD_FILE: \/run\/kith\/elasticsearch-password/);
  assert.doesNotMatch(compose, /PASSWORD: /);
});
