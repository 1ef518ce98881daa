import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import {
  type ConfigError,
  flagSchema,
  listSchema,
  portSchema,
  readSettings,
  setting,
  unknownSettings,
} from '../src/index.ts';

const settings = {
  port: setting('KITH_A_PORT', portSchema(5800), 'Port.'),
  sweep: setting('KITH_A_SWEEP', flagSchema(true), 'Sweeps.'),
  seeds: setting('KITH_A_SEEDS', listSchema(z.ipv4({ error: 'accepted: IPv4 addresses' })), 'Seeds.'),
  secret: setting('KITH_A_SECRET', z.string().min(4, 'accepted: four characters or more').optional(), 'Secret.'),
};

test('defaults are used for what is not set or empty', () => {
  assert.deepEqual(readSettings(settings, { KITH_A_PORT: '' }), {
    port: 5800,
    sweep: true,
    seeds: [],
    secret: undefined,
  });
});

test('values are parsed, lists split at commas', () => {
  const env = { KITH_A_PORT: '81', KITH_A_SWEEP: 'off', KITH_A_SEEDS: '127.0.0.1, 127.0.0.2,' };
  const values = readSettings(settings, env);
  assert.deepEqual(values, { port: 81, sweep: false, seeds: ['127.0.0.1', '127.0.0.2'], secret: undefined });
});

test('all problems come in one message, each with the variable, the value and what is accepted', () => {
  const env = { KITH_A_PORT: '99999', KITH_A_SWEEP: 'maybe', KITH_A_SEEDS: '127.0.0.1,nonsense' };
  assert.throws(
    () => readSettings(settings, env),
    (error: ConfigError) => {
      assert.equal(error.problems.length, 3);
      assert.match(error.message, /KITH_A_PORT is "99999": accepted: a port number from 1 to 65535/);
      assert.match(error.message, /KITH_A_SWEEP is "maybe": accepted: on, off/);
      assert.match(error.message, /KITH_A_SEEDS.*accepted: IPv4 addresses/);
      return error.code === 'bad_configuration';
    },
  );
});

test('NAME_FILE gives a secret from a file; a missing file and a doubled secret are problems', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kith-settings-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret');
  writeFileSync(file, 'hunter22\n');
  assert.equal(readSettings(settings, { KITH_A_SECRET_FILE: file }).secret, 'hunter22');
  assert.throws(
    () => readSettings(settings, { KITH_A_SECRET_FILE: join(folder, 'none') }),
    /KITH_A_SECRET_FILE: cannot read/,
  );
  assert.throws(() => readSettings(settings, { KITH_A_SECRET_FILE: file, KITH_A_SECRET: 'x' }), /both set/);
});

test('variables that nobody knows are found, those of tests and files of known ones are not', () => {
  const env = { KITH_A_PROT: '1', KITH_A_PORT: '1', KITH_A_SECRET_FILE: 'x', KITH_TEST_REDIS_URL: 'x', PATH: 'x' };
  const known = Object.values(settings).map((one) => one.env);
  assert.deepEqual(unknownSettings(known, env), ['KITH_A_PROT']);
});

test('blanks are no value, and numbers are digits', () => {
  const problems = (env: Record<string, string>) => {
    try {
      return readSettings(settings, env);
    } catch (error) {
      return (error as ConfigError).problems.join('\n');
    }
  };
  for (const name of ['KITH_A_PORT', 'KITH_A_SWEEP', 'KITH_A_SEEDS', 'KITH_A_SECRET']) {
    assert.match(String(problems({ [name]: '  ' })), new RegExp(`^${name} holds nothing but blanks: give it a value`));
  }
  for (const port of ['0x10', '1e3', ' 80', '+80', '080']) {
    assert.match(String(problems({ KITH_A_PORT: port })), /accepted: a port number/, port);
  }
});
