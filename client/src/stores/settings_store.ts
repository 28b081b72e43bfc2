import { createStore } from 'zustand/vanilla';
import type { Language } from '../protocol/rubric.ts';
import type { Environment } from '../platform/environment.ts';

export type Theme = 'light' | 'dark' | 'system';

export interface SettingsStore {
  locale: Language;
  theme: Theme;
  /** Whether single-key shortcuts work (WCAG 2.1.4). */
  shortcuts: boolean;
  /** Width of the rubric panel as a share of the space beside the list, in percent. */
  panelWidth: number;
  setLocale: (locale: Language) => void;
  setTheme: (theme: Theme) => void;
  setShortcuts: (shortcuts: boolean) => void;
  setPanelWidth: (percent: number) => void;
}

/** `public/theme.js` reads the theme under this name before the first paint. */
const keys = {
  locale: 'rubricon.locale',
  theme: 'rubricon.theme',
  shortcuts: 'rubricon.shortcuts',
  panelWidth: 'rubricon.panel',
} as const;

export const panelWidthMin = 35;
export const panelWidthMax = 70;
const panelWidthFirst = 60;

export function createSettingsStore(environment: Environment) {
  return createStore<SettingsStore>()((set) => ({
    locale: firstLocale(environment),
    theme: firstTheme(environment),
    shortcuts: environment.read(keys.shortcuts) !== 'off',
    panelWidth: bounded(Number(environment.read(keys.panelWidth) ?? panelWidthFirst)),
    setLocale(locale) {
      environment.write(keys.locale, locale);
      set({ locale });
    },
    setTheme(theme) {
      environment.write(keys.theme, theme);
      set({ theme });
    },
    setShortcuts(shortcuts) {
      environment.write(keys.shortcuts, shortcuts ? 'on' : 'off');
      set({ shortcuts });
    },
    setPanelWidth(percent) {
      const panelWidth = bounded(percent);
      environment.write(keys.panelWidth, String(panelWidth));
      set({ panelWidth });
    },
  }));
}

function bounded(percent: number): number {
  if (!Number.isFinite(percent)) return panelWidthFirst;
  return Math.min(Math.max(percent, panelWidthMin), panelWidthMax);
}

/** The choice made here before, else the browser's first language that we speak. */
function firstLocale(environment: Environment): Language {
  const chosen = environment.read(keys.locale);
  if (chosen === 'en' || chosen === 'zh-TW') return chosen;
  for (const language of environment.languages()) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-TW';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'zh-TW';
}

function firstTheme(environment: Environment): Theme {
  const chosen = environment.read(keys.theme);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}
