import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makePairingCode } from '@kith/identity';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { nodeViewSchema } from '@kith/wire';
import { command } from '../command.ts';
import { address, ended, nodeEnv, PORTS, runningNode } from '../running-node.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const hasCode = async (host: number) =>
  nodeViewSchema.parse(await (await fetch(`http://${address(host)}:${PORTS.gateway}/_kith/node`)).json()).pairingCode;

function outputOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (text += part.toString()));
  return () => text;
}

/** `kith start …` in a pseudo terminal; what it shows is what a person sees. */
function inTerminal(t: TestContext, host: number, words: string) {
  const line = `${process.execPath} ${main} start ${words}`;
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    env: nodeEnv({ host, data: tempDirectory(t) }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const output = outputOf(child);
  const shows = (pattern: RegExp) =>
    waitFor(() => pattern.test(output()) || child.exitCode !== null, { what: String(pattern), timeoutMs: 30_000 });
  return { child, output, shows, type: (text: string) => child.stdin.write(text) };
}

const skip = skipUnless(
  process.platform === 'linux' && hasBinary('script'),
  'needs script(1) of util-linux for a terminal',
);

test('asked in a terminal, the words are taken and never shown, also over several lines', { skip }, async (t) => {
  const code = makePairingCode();
  const words = code.split(' ');
  const { child, output, shows, type } = inTerminal(t, 41, '--code');
  await shows(/Pairing code .*: $/);
  type(`${words.slice(0, 5).join(' ')}\r`);
  await shows(/5 of 12 words so far/);
  type(`${words.slice(5).join('\r')}\r`);
  await shows(/is ready/);
  assert.match(output(), /is ready/);
  assert.equal(await hasCode(41), true);
  for (const word of words) assert.doesNotMatch(output(), new RegExp(`\\b${word}\\b.*\\b${words[1]}\\b`));
  assert.ok(!output().includes(words.slice(0, 2).join(' ')), output());
  // Ctrl-C works as ever once the words were asked for.
  const gone = once(child, 'exit');
  type('\u0003');
  await gone;
});

test('a mistake is told without the words, and asked for again; Ctrl-C ends without a node', { skip }, async (t) => {
  const { child, output, shows, type } = inTerminal(t, 42, '--code');
  await shows(/Pairing code .*: $/);
  type('correct horse battery staple correct horse battery staple correct horse battery staple\r');
  await shows(/Word 1 of the pairing code|is too weak|has a mistake|not in its word list/);
  assert.doesNotMatch(output(), /horse|staple/);
  const gone = once(child, 'exit');
  type('\u0003');
  const [exitCode] = await gone;
  assert.equal(exitCode, 130);
  assert.doesNotMatch(output(), /is ready/);
});

test('a program gives the words by standard input', async (t) => {
  const env = nodeEnv({ host: 43, data: tempDirectory(t) });
  const child = spawn(process.execPath, [main, 'start', '--code'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const output = outputOf(child);
  child.stdin.write(`${makePairingCode()}\n`);
  await waitFor(() => /is ready/.test(output()) || child.exitCode !== null, { what: 'ready', timeoutMs: 20_000 });
  assert.equal(await hasCode(43), true);
});

test('standard input without words starts nothing', async (t) => {
  const { code, stdout, stderr } = await ended(['start', '--code'], nodeEnv({ host: 44, data: tempDirectory(t) }));
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /No words came\. Nothing was started\./);
});

test('--code-file takes them from a file, and says where others can read it', async (t) => {
  const file = join(tempDirectory(t), 'code');
  writeFileSync(file, `${makePairingCode()}\n`, { mode: 0o600 });
  const args = ['--code-file', file];
  const node = await runningNode(t, { host: 45, data: tempDirectory(t), args });
  assert.equal(await hasCode(45), true);
  assert.doesNotMatch(node.stderr(), /chmod/);
  await node.end('SIGTERM');
  if (process.platform === 'win32') return;
  chmodSync(file, 0o644);
  const open = await runningNode(t, { host: 45, data: tempDirectory(t), args });
  assert.match(open.stderr(), /Other users of this computer can read .*code: chmod 600/);
});

test('words on the command line are refused with the reason, and not repeated', async (t) => {
  const [cwd, code] = [tempDirectory(t), makePairingCode()];
  const words = code.split(' ');
  const refused: [string[], Record<string, string>][] = [
    [['start', '--code', code], {}],
    [['start', '--code', ...words], {}],
    [['start', `--code=${code}`], {}],
    // `npm start --code "…"`, where npm takes the option for itself.
    [['start'], { npm_config_code: code }],
    [['start', code], { npm_config_code: 'true' }],
    [['start', '--name', 'ana', ...words], {}],
  ];
  for (const [args, env] of refused) {
    const { code: exitCode, stderr } = await command(args, { cwd, env, kith: 'npm run kith --' });
    assert.equal(exitCode, 2);
    assert.match(stderr, /every user of this computer can read it.*npm start -- --code {2}.*--code-file FILE/s);
    assert.ok(!stderr.includes(words.slice(0, 2).join(' ')));
  }
  const { stderr } = await command(['start'], { cwd, env: { npm_config_code: 'true' }, kith: 'npm run kith --' });
  assert.match(stderr, /two more dashes.*npm start -- --code/);
});
