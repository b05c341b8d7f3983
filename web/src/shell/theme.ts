// Light, dark, or as the device says? Set before anything is drawn, remembered on this device.

export type Theme = 'light' | 'dark' | 'system';

const STORED = 'headlight.theme';
const darkDevice = window.matchMedia('(prefers-color-scheme: dark)');

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORED, theme);
  paint();
}

function paint(): void {
  const theme = chosenTheme();
  const isDark = theme === 'dark' || (theme === 'system' && darkDevice.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}

darkDevice.addEventListener('change', paint);
paint();
