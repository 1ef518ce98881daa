import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kith/testing';
import { LIVES, OwnerSecrets } from '../../src/door/owner-secrets.ts';

function open() {
  const clock = createFakeClock();
  let token: string | undefined = 'kith-owner-one';
  const read = async () => token;
  const renew = (next: string | undefined) => {
    token = next;
  };
  return { clock, secrets: new OwnerSecrets({ read }, clock), renew, another: new OwnerSecrets({ read }, clock) };
}

test('a link is good once, for a minute', async () => {
  const { clock, secrets } = open();
  const link = secrets.makeLink();
  assert.match((await secrets.enter(link)) ?? '', /^kith-page\./);
  assert.equal(await secrets.enter(link), undefined, 'once');
  const late = secrets.makeLink();
  await clock.advance(LIVES.link + 1);
  assert.equal(await secrets.enter(late), undefined, 'a minute');
  assert.equal(await secrets.enter('x'.repeat(32)), undefined, 'never made');
});

test('however many links are made, few are kept, the newest of them', async () => {
  const { secrets } = open();
  const links = Array.from({ length: 100 }, () => secrets.makeLink());
  assert.equal(await secrets.enter(links[0] ?? ''), undefined);
  assert.ok(await secrets.enter(links[99] ?? ''));
});

test('a session holds at every gateway of the node, until it is old or the token is renewed', async () => {
  const { clock, secrets, another, renew } = open();
  const session = (await secrets.enter(secrets.makeLink())) ?? '';
  assert.equal(await another.isSession(session), true);
  for (const wrong of [
    '',
    'kith-page.',
    `${session}x`,
    session.replace('kith-page', 'kith-else'),
    session.slice(0, -9),
  ]) {
    assert.equal(await secrets.isSession(wrong), false, wrong);
  }
  const [, until = '', ...rest] = session.split('.');
  const longer = ['kith-page', (Number.parseInt(until, 36) + 1).toString(36), ...rest].join('.');
  assert.equal(await secrets.isSession(longer), false, 'its end is sealed too');
  renew('kith-owner-two');
  assert.equal(await secrets.isSession(session), false, 'a new token ends it');
  renew('kith-owner-one');
  assert.equal(await secrets.isSession(session), true);
  await clock.advance(LIVES.session + 1);
  assert.equal(await secrets.isSession(session), false, 'old');
  renew(undefined);
  assert.equal(await secrets.isSession(session), false, 'no token, no owner');
  await assert.rejects(secrets.makePass('localhost', '/'), /owner-token/);
});

test('a pass is for one exact address, for minutes, and nothing else is one', async () => {
  const { clock, secrets } = open();
  const pass = await secrets.makePass('localhost:5805', '/api/documents/1/content');
  assert.equal(await secrets.isPass('localhost:5805', '/api/documents/1/content', pass), true);
  assert.equal(await secrets.isPass('localhost:5805', '/api/documents/2/content', pass), false);
  assert.equal(await secrets.isPass('ben.localhost:5805', '/api/documents/1/content', pass), false);
  assert.equal(await secrets.isVisit('localhost:5805\n/api/documents/1/content', pass), false, 'another kind');
  assert.equal(await secrets.isSession(`kith-page.${pass}`), false);
  await clock.advance(LIVES.pass + 1);
  assert.equal(await secrets.isPass('localhost:5805', '/api/documents/1/content', pass), false);
});

test('a visit is for one host name', async () => {
  const { secrets } = open();
  const visit = await secrets.makeVisit('ben.localhost');
  assert.equal(await secrets.isVisit('ben.localhost', visit), true);
  assert.equal(await secrets.isVisit('ada.localhost', visit), false);
  assert.equal(await secrets.isVisit('localhost', visit), false);
});
