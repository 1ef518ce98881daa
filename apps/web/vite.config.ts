import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * One script and one style sheet beside the page, all from the page's own origin: nothing inline, so that a strict
 * content security policy holds: `script-src 'self'; style-src 'self'`.
 */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:5805', '/_kith': 'http://127.0.0.1:5805' } },
});
