import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '@kith/service';
import { gatewaySettings } from '../src/config.ts';

test('the upstream is an origin or the replicas; everything else is refused with what is accepted', () => {
  const upstream = (text: string) => readSettings(gatewaySettings, { KITH_UPSTREAM: text }).upstream;
  assert.equal(upstream('replicas'), 'replicas');
  assert.equal(upstream('http://127.0.0.1:8080/'), 'http://127.0.0.1:8080');
  assert.equal(upstream(''), undefined);
  for (const wrong of ['replica', 'foo', 'https://127.0.0.1', 'http://127.0.0.1/app', 'http://']) {
    assert.throws(
      () => upstream(wrong),
      { code: 'bad_configuration', message: /KITH_UPSTREAM is .*accepted: / },
      wrong,
    );
  }
  assert.throws(() => readSettings(gatewaySettings, { KITH_EXCHANGE_URL: 'foo' }), { code: 'bad_configuration' });
});
