import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [vue()],
  test: {
    environment: 'jsdom',
    // Files keep their own globals, but a worker makes its browser once: a third of the time.
    pool: 'vmThreads',
    include: ['center/ui/*/{src,tests}/**/*.test.ts', 'kiosk/ui/{src,tests}/**/*.test.ts'],
    passWithNoTests: true,
    restoreMocks: true,
    unstubGlobals: true,
  },
})
