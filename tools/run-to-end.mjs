import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program with this process's own input and output until it ends; signals are passed on. Resolves with its exit
 * code, 128 + n where signal n ended it. The program is given a channel to this process that closes when this process is
 * killed outright, so that a node can stop then too.
 */
export function runToEnd(command, args, { cwd, env }) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    const pass = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, pass);
    const end = () => {
      for (const signal of SIGNALS) process.off(signal, pass);
    };
    child.on('error', (error) => {
      end();
      failed(error);
    });
    child.on('exit', (code, signal) => {
      end();
      done(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
