import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createHttpServer, type ErrorCode, errorAnswer, parse, ServiceError, silentLog } from '../src/index.ts';

function server(ready?: () => Promise<void>) {
  const app = createHttpServer({ log: silentLog, ...(ready ? { ready } : {}) });
  app.get('/known', async () => {
    throw new ServiceError('document_changed', 'It changed: ask again.');
  });
  app.get('/unknown', async () => {
    throw new Error('the password is hunter22');
  });
  app.post('/body', async (request) => parse(z.object({ n: z.number() }), request.body, 'The body'));
  return app;
}

test('an error with a known code keeps its message and gets its status', async () => {
  const answer = await server().inject('/known');
  assert.equal(answer.statusCode, 410);
  assert.deepEqual(answer.json(), { error: 'document_changed', message: 'It changed: ask again.' });
});

test('an unknown error tells nothing of the inside', async () => {
  const answer = await server().inject('/unknown');
  assert.equal(answer.statusCode, 500);
  assert.equal(answer.json().error, 'internal_error');
  assert.doesNotMatch(answer.body, /hunter22/);
});

test('what others cause at will is no failure of this node, and fills no log', () => {
  const isFailure = (code: ErrorCode) => errorAnswer(new ServiceError(code, 'so it is')).isFailure;
  assert.equal(errorAnswer(new Error('broken')).isFailure, true);
  assert.deepEqual([isFailure('index_away'), isFailure('disk_full'), isFailure('internal_error')], [true, true, true]);
  const others: ErrorCode[] = [
    'not_verified_yet',
    'asker_gone',
    'loop_detected',
    'peer_away',
    'stopping',
    'bad_request',
  ];
  assert.deepEqual(others.filter(isFailure), []);
});

test('bad JSON, a body that is too large and a wrong field are the asker’s fault', async () => {
  const app = server();
  const post = (payload: string) =>
    app.inject({ method: 'POST', url: '/body', headers: { 'content-type': 'application/json' }, payload });
  assert.equal((await post('{')).statusCode, 400);
  assert.equal((await post(`"${'x'.repeat(2 << 20)}"`)).json().error, 'too_large');
  assert.match((await post('{"n":"1"}')).json().message, /The body is not right: n:/);
});

test('an unknown path answers with the error body', async () => {
  const answer = await server().inject('/nothing');
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.json().error, 'not_found');
});

test('health says alive; readiness follows what it is given', async () => {
  assert.equal((await server().inject('/healthz')).statusCode, 200);
  assert.equal((await server(async () => {}).inject('/readyz')).statusCode, 200);
  const away = server(async () => {
    throw new ServiceError('store_away', 'Redis does not answer.');
  });
  assert.deepEqual((await away.inject('/readyz')).statusCode, 503);
});
