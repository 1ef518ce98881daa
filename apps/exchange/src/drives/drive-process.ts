import { flushCompileCache } from 'node:module';
import { driveCalls } from './drive-calls.ts';
import type { Calls, FromDrives, ToDrives } from './drive-messages.ts';
import { FolderWatches } from './folder-watch.ts';
import { GatheredHints } from './gathered-hints.ts';

/*
 * The process that touches shared folders, started by Drives: a drive that hangs holds a thread of this process, never
 * the node. It ends with the node. It loads nothing but Node's own modules: its memory is the price of every node.
 */

const reply = (message: FromDrives) => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};
const hints = new GatheredHints((watch, paths) => reply({ kind: 'hints', watch, paths }));
const watches = new FolderWatches({
  onHint: (watch, path) => hints.add(watch, path),
  onLimit: (watch) => reply({ kind: 'limit', watch }),
});
const calls: Calls = { ...driveCalls, watch: (place) => watches.add(place) };

async function answer({ id, call, given }: Extract<ToDrives, { kind: 'call' }>): Promise<void> {
  try {
    reply({ kind: 'done', id, value: await calls[call](given as never) });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    reply({ kind: 'failed', id, code: String(code), message });
  }
}

process.on('message', (message: ToDrives) => {
  if (message.kind === 'call') void answer(message);
  else if (message.kind === 'unwatch') watches.remove(message);
  else reply({ kind: 'pong' });
});
// It is ended without a word, when Node would not keep what it compiled.
flushCompileCache();
process.on('disconnect', () => process.exit());
// Ctrl-C goes to every process of the terminal: the node ends this one when it no longer needs it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
