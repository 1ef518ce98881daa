import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeys } from '../src/link/keys.ts';
import { parseRedisUrl } from '../src/link/redis-url.ts';

test('every form of URL', () => {
  const plain = { isTls: false, database: 0 };
  const forms: [url: string, parsed: object][] = [
    ['redis://redis', { ...plain, kind: 'single', addresses: [{ host: 'redis', port: 6379 }] }],
    ['redis://redis/', { ...plain, kind: 'single', addresses: [{ host: 'redis', port: 6379 }] }],
    ['redis://[::1]:7000/2', { kind: 'single', isTls: false, database: 2, addresses: [{ host: '::1', port: 7000 }] }],
    [
      'rediss://kith:p%40ss%3A@host:6380',
      {
        kind: 'single',
        isTls: true,
        database: 0,
        username: 'kith',
        password: 'p@ss:',
        addresses: [{ host: 'host', port: 6380 }],
      },
    ],
    ['redis://:a:b@h', { ...plain, kind: 'single', password: 'a:b', addresses: [{ host: 'h', port: 6379 }] }],
    [
      'rediss+sentinel://s1,s2:1/main/3',
      {
        kind: 'sentinel',
        isTls: true,
        database: 3,
        master: 'main',
        addresses: [
          { host: 's1', port: 26379 },
          { host: 's2', port: 1 },
        ],
      },
    ],
    [
      'redis+cluster://u:p@a,b:7000',
      {
        ...plain,
        kind: 'cluster',
        username: 'u',
        password: 'p',
        addresses: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7000 },
        ],
      },
    ],
    ['unix:///run/redis.sock', { ...plain, kind: 'socket', addresses: [], path: '/run/redis.sock' }],
  ];
  for (const [url, parsed] of forms) assert.deepEqual(parseRedisUrl(url), parsed, url);
});

test('anything else is refused with the accepted forms, and the password is not repeated', () => {
  const wrong = [
    'localhost:6379',
    'http://hidden@localhost',
    'redis://',
    'redis://u:hidden@',
    'redis://u:hidden@host/db',
    'redis://u:hidden@a,b',
    'redis://u:hidden%@host',
    'redis://u:hidden@host:99999',
    'redis://u:hidden@host:x',
    'redis://u:hidden@::1',
    'redis://u:hidden@host/0/1',
    'redis+sentinel://u:hidden@host',
    'redis+sentinel://u:hidden@host/',
    'redis+other://u:hidden@host',
    'unix://hidden',
  ];
  for (const url of wrong) {
    assert.throws(
      () => parseRedisUrl(url),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'bad_configuration', url);
        assert.match(error.message, /Accepted: redis:/);
        assert.doesNotMatch(error.message, /hidden/);
        return true;
      },
    );
  }
});

test('keys begin with the prefix; on a Cluster the prefix is the part that is hashed', () => {
  assert.equal(createKeys({ url: 'redis://h' }).peer('abc'), 'kith:peer:abc');
  assert.equal(createKeys({ url: 'redis://h', keyPrefix: 'ana' }).events, 'ana:events');
  const keys = createKeys({ url: 'redis+cluster://h' });
  const all = Object.values(keys).map((key) => (typeof key === 'string' ? key : key('x')));
  assert.equal(new Set(all).size, all.length);
  for (const key of all) assert.match(key, /^\{kith\}:/);
});
