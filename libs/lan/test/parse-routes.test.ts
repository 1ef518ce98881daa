import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  parseNetstatRoutes,
  parseProcIpv6Route,
  parseProcRoute,
  parseRouteGet,
  parseRoutePrint,
  primaryGateways,
} from '../src/routes/parse-routes.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'latin1');
const shown = (all: ReturnType<typeof parseProcRoute>) =>
  all.map((one) => `${one.interface} ${one.address} ${one.metric}`);

test('Linux: routes without a router, rejected ones and half of the world are no default gateways', () => {
  const all = parseProcRoute(fixture('proc-net-route.txt'));
  assert.deepEqual(shown(all), ['eth0 10.77.0.254 100', 'wlan0 192.168.0.1 600', 'eth0 10.0.0.5 900']);
  assert.deepEqual(shown(primaryGateways(all)), ['eth0 10.77.0.254 100', 'wlan0 192.168.0.1 600']);
});

test('Linux, IPv6: the next hop with its zone', () => {
  assert.deepEqual(parseProcIpv6Route(fixture('proc-net-ipv6-route.txt')), [
    { interface: 'eth0', address: 'fe80::219:99ff:fe50:3a03%eth0', family: 6, metric: 1024, source: 'system' },
  ]);
});

test('macOS netstat -rn: one a card in the system’s order; tunnels that name no router are left out', () => {
  assert.deepEqual(shown(parseNetstatRoutes(fixture('netstat-macos.txt'))), [
    'en0 192.168.1.1 1',
    'en7 10.7.0.1 2',
    'en0 fe80::56c2:50ff:fef6:d590%en0 3',
  ]);
  assert.deepEqual(shown(parseNetstatRoutes(fixture('netstat-freebsd.txt'))), ['em0 192.168.1.1 1']);
});

test('macOS route -n get default', () => {
  assert.deepEqual(shown(parseRouteGet(fixture('route-get-macos.txt'))), ['en0 192.168.1.1 0']);
  assert.deepEqual(parseRouteGet('route: writing to routing socket: not in table'), []);
});

for (const language of ['en', 'de', 'fr', 'es', 'ja', 'zh']) {
  test(`Windows route print, ${language}: active routes through a router, by metric`, () => {
    const names: Record<string, string> = { '192.168.178.20': 'Ethernet', '10.0.0.4': 'WLAN' };
    assert.deepEqual(shown(parseRoutePrint(fixture(`route-windows-${language}.txt`), (own) => names[own])), [
      'Ethernet 192.168.178.1 25',
      'WLAN 10.0.0.138 291',
    ]);
  });
}

test('what is not the expected output is no gateway, and never an error', () => {
  for (const text of ['', 'route: not found', 'default', 'default x UG', '0.0.0.0 0.0.0.0', '\0\xff'.repeat(1000)]) {
    for (const parse of [parseProcRoute, parseProcIpv6Route, parseNetstatRoutes, parseRouteGet]) {
      assert.deepEqual(parse(text), []);
    }
    assert.deepEqual(
      parseRoutePrint(text, () => 'Ethernet'),
      [],
    );
  }
});
