import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';

const source = join(import.meta.dirname, '../src/index.ts');

/** Runs a program around `runUntilSignal` and sends the signals when it says that it is ready. */
async function run(program: string, whenReady: (kill: (signal: NodeJS.Signals) => void) => void) {
  const code = `
    import { createLog, runUntilSignal } from ${JSON.stringify(source)};
    const log = createLog('test', 'silent');
    setInterval(() => {}, 1000);
    const start = async () => { setTimeout(() => console.log('ready')); return { stop: async () => console.log('stopped') }; };
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
    if (part.toString().includes('ready')) whenReady((signal) => child.kill(signal));
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, output };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} stops what runs, then the process ends well`, async () => {
    const ended = await run('process.exit(await runUntilSignal({ start, log }));', (kill) => kill(signal));
    assert.deepEqual(ended, { exitCode: 0, output: 'ready\nstopped\n' });
  });
}

test('a process that holds its channel and is gone counts as a signal', async () => {
  const code = `
    import { createLog, runUntilSignal } from ${JSON.stringify(source)};
    setInterval(() => {}, 1000);
    const start = async () => { setTimeout(() => console.log('ready')); return { stop: async () => console.log('stopped') }; };
    process.exit(await runUntilSignal({ start, log: createLog('test', 'silent') }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (part) => {
    output += part;
    if (output === 'ready\n') child.disconnect();
  });
  // Node tells no 'close' after a disconnect from this side.
  const [[exitCode]] = await Promise.all([once(child, 'exit'), once(child.stdout ?? child, 'end')]);
  assert.deepEqual([exitCode, output], [0, 'ready\nstopped\n']);
});

test('a stop that hangs is cut off', async () => {
  const program = `process.exit(await runUntilSignal({ log, stopMs: 50, start: async () => {
    setTimeout(() => console.log('ready')); return { stop: () => new Promise(() => {}) }; } }));`;
  assert.equal((await run(program, (kill) => kill('SIGTERM'))).exitCode, 1);
});

test('copies of one Ctrl-C count as one, a second one later ends the process at once', async () => {
  const program = `process.exit(await runUntilSignal({ log, start: async () => {
    setTimeout(() => console.log('ready'));
    return { stop: () => new Promise(() => setTimeout(() => console.log('ready for the second'), 600)) }; } }));`;
  let times = 0;
  const ended = await run(program, (kill) => {
    kill('SIGINT');
    if (times++ === 0) kill('SIGINT');
  });
  assert.deepEqual(ended, { exitCode: 130, output: 'ready\nready for the second\n' });
});

test('an error that nobody caught ends the process with 1', async () => {
  const program = `process.exit(await runUntilSignal({ log, start: async () => {
    setTimeout(() => { throw new Error('lost'); }, 10); return { stop: async () => {} }; } }));`;
  assert.equal((await run(program, () => {})).exitCode, 1);
});

test('a start that fails is the caller’s to tell', async () => {
  const program = `try { await runUntilSignal({ log, start: async () => { throw new Error('no'); } }); }
    catch (error) { console.log(error.message); process.exit(3); }`;
  assert.deepEqual(await run(program, () => {}), { exitCode: 3, output: 'no\n' });
});
