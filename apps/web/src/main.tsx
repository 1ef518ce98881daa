import './http/zod-without-eval.ts';
import './styles/mantine.ts';
import './styles/theme.css';
import './styles/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { enter, opensByLink } from './http/session.ts';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
if (document.documentElement.dataset.from === 'elsewhere' && !opensByLink()) {
  // Another site led here: what it wrote behind the # is not what the owner wants to search or read.
  window.history.replaceState(null, '', '#/');
}
const refused = await enter().catch(() => 'This node does not answer. Is Kith still running on this machine?');
createRoot(root).render(
  <StrictMode>
    <App refused={refused} />
  </StrictMode>,
);
