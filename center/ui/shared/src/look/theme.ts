import { type Ref, watchEffect } from 'vue'

import { oneOf, stored } from './stored.ts'

export type Theme = 'light' | 'dark'

/** The theme of this page: as chosen before, else as the system has it; sets `html.dark`. */
export function useTheme(key: string): Ref<Theme> {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const theme = stored<Theme>(key, system, oneOf('light', 'dark'))
  watchEffect(() => document.documentElement.classList.toggle('dark', theme.value === 'dark'))
  return theme
}
