import { watchEffect } from 'vue'

import { stored } from './stored.ts'

const dark = matchMedia('(prefers-color-scheme: dark)').matches

export const theme = stored<'light' | 'dark'>('theme', dark ? 'dark' : 'light', ['light', 'dark'])

watchEffect(() => document.documentElement.classList.toggle('dark', theme.value === 'dark'))
