// First what is general, so that what is particular wins.
import '../ui/theme.css';
import '../ui/base.css';
import '../ui/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StoresProvider } from '../ui/stores.tsx';
import { App } from './app.tsx';
import { browserPlatform, composePage } from './compose.ts';
import './app.css';

const page = composePage(browserPlatform);
page.start();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <StoresProvider stores={page.stores}>
      <App />
    </StoresProvider>
  </StrictMode>,
);
