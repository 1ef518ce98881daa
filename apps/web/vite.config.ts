import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The licences of all that a node runs, for the page's own link. */
const thirdParty: Plugin = {
  name: 'third-party',
  generateBundle() {
    const source = readFileSync(join(import.meta.dirname, '../../THIRD-PARTY.txt'));
    this.emitFile({ type: 'asset', fileName: 'third-party.txt', source });
  },
};

/**
 * One script and one style sheet beside the page, all from the page's own origin: nothing inline, so that a strict
 * content security policy holds: `script-src 'self'; style-src 'self'`.
 */
export default defineConfig({
  plugins: [react(), thirdParty],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    // What the page holds, to be compared with THIRD-PARTY.txt; the exchange serves nothing whose name begins with a dot.
    license: { fileName: '.vite/bundled.json' },
  },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:5805', '/_kith': 'http://127.0.0.1:5805' } },
});
