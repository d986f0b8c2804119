import 'consult-room';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { scripted } from '../scripted.ts';
import { Page } from './page.tsx';

await scripted();
const config: unknown = await (await fetch('/config')).json();
const app = document.querySelector('#app');
if (!app) throw new Error('the page has no #app');
createRoot(app).render(
  <StrictMode>
    <Page config={config} />
  </StrictMode>,
);
