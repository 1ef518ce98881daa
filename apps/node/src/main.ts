import { calledAs } from './output/called-as.ts';
import { runCommandLine } from './program.ts';

// `kith events | head` ends when the reader does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  kith: calledAs({ given: process.env.KITH_COMMAND, byNpm: process.env.npm_lifecycle_event !== undefined }),
});
// Pipes are written later on some systems: nothing may be cut off.
await new Promise((done) => process.stdout.write('', done));
process.exit(exitCode);
