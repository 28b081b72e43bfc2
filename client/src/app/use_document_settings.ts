import { useEffect } from 'react';
import { useFrom } from '../ui/stores.tsx';
import { useMedia } from '../ui/use_media.ts';

/** Writes language and theme where CSS and the browser look for them. */
export function useDocumentSettings(): void {
  const locale = useFrom('settings', (settings) => settings.locale);
  const theme = useFrom('settings', (settings) => settings.theme);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const dark = theme === 'dark' || (theme === 'system' && systemDark);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    const canvas = getComputedStyle(document.documentElement).getPropertyValue('--canvas');
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', canvas.trim());
  }, [dark]);
}
