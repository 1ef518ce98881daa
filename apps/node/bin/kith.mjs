#!/usr/bin/env node
// `kith` from any Node: sets up what is due and hands over to Node 24.
process.argv.splice(2, 0, 'kith');
// npm sets this to the folder where `npm run` was typed; here that is simply the current folder.
process.env.INIT_CWD = process.cwd();
await import('../../../tools/run.mjs');
