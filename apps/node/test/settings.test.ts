import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigError } from '@kith/service';
import { didYouMean } from '../src/did-you-mean.ts';
import { nodeSettings, readNodeSettings, startFlags } from '../src/settings.ts';

const problemsOf = (env: Record<string, string>, flags?: Record<string, string>): readonly string[] => {
  try {
    readNodeSettings(env, flags);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
};

test('every problem comes in one message: wrong values, wrong flags, unknown variables', () => {
  const problems = problemsOf(
    { KITH_GATEWAY_PORT: '99999', KITH_SWEEP: 'perhaps', KITH_PINGBCK_PORT: '5900', KITH_COLOUR: 'blue' },
    { bind: 'nowhere' },
  );
  assert.equal(problems.length, 5);
  const all = problems.join('\n');
  assert.match(all, /KITH_GATEWAY_PORT is "99999": accepted: a port number from 1 to 65535/);
  assert.match(all, /KITH_SWEEP is "perhaps": accepted: on, off/);
  assert.match(all, /^--bind is "nowhere": accepted: an IP address/m);
  assert.match(all, /KITH_PINGBCK_PORT is no setting of Kith: did you mean KITH_PINGBACK_PORT\?/);
  assert.match(all, /KITH_COLOUR is no setting of Kith: remove it/);
});

test('a pairing code that was made up is refused and not repeated', () => {
  const [problem = ''] = problemsOf({ KITH_PAIRING_CODE: 'correct horse battery staple' });
  assert.match(problem, /^KITH_PAIRING_CODE: A pairing code has 12 words, not 4/);
  assert.doesNotMatch(problem, /horse/);
});

test('a flag wins over the variable, and over the file that holds its value', () => {
  const env = { KITH_NAME: 'from-env', KITH_SEEDS_FILE: '/does/not/exist' };
  const values = readNodeSettings(env, { name: 'from-flag', seed: '127.0.0.2,127.0.0.3:5900' });
  assert.equal(values.name, 'from-flag');
  assert.deepEqual(values.seeds, [{ address: '127.0.0.2' }, { address: '127.0.0.3', pingbackPort: 5900 }]);
});

test('bound to a loopback address, the exchange listens there too, unless it is said where', () => {
  assert.equal(readNodeSettings({ KITH_BIND: '127.0.0.7' }).exchangeBind, '127.0.0.7');
  assert.equal(readNodeSettings({ KITH_BIND: '192.168.1.2' }).exchangeBind, '127.0.0.1');
  assert.equal(readNodeSettings({ KITH_BIND: '127.0.0.7', KITH_EXCHANGE_BIND: '127.0.0.1' }).exchangeBind, '127.0.0.1');
});

test('each variable has one name in the program, and each flag a variable that exists', () => {
  // One reads the name as it is used, the other as it was set.
  const { nameAsSet: _asSet, ...settings } = nodeSettings;
  const variables = Object.values(settings).map((one) => one.env);
  assert.equal(new Set(variables).size, variables.length);
  for (const { env } of startFlags)
    assert.ok(
      variables.some((one) => one === env),
      env,
    );
});

test('a name that an earlier version took is mended, so that the node starts', () => {
  assert.equal(readNodeSettings({ KITH_NAME: 'Ana\u2764\ufe0f' }).name, 'Ana\u2764');
  assert.equal(readNodeSettings({ KITH_NAME: 'This node' }).name, 'node This node');
  assert.throws(() => readNodeSettings({ KITH_NAME: '../etc' }), /KITH_NAME/);
});

test('the variable of the command line, those of tests and secrets in files are no unknown ones', () => {
  assert.deepEqual(problemsOf({ KITH_NODE: 'http://127.0.0.1:5805', KITH_TEST_REDIS_URL: 'x', PATH: '/bin' }), []);
});

const meant: [string, string | undefined][] = [
  ['KITH_NAEM', 'KITH_NAME'],
  ['KITH_SEED', 'KITH_SEEDS'],
  ['KITH_GATEWAYPORT', 'KITH_GATEWAY_PORT'],
  ['KITH_FAVOURITE_FRUIT', undefined],
];
for (const [word, expected] of meant) {
  test(`${word} means ${expected ?? 'nothing that exists'}`, () => {
    assert.equal(didYouMean(word, ['KITH_NAME', 'KITH_DATA', 'KITH_SEEDS', 'KITH_GATEWAY_PORT']), expected);
  });
}
