import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

interface BrowserApp {
  /** Path under which the server shows the app, with both slashes. */
  base: `/${string}`
  /** Origin of the Python server that the development server forwards to. */
  api: string
}

/** Fontsource names a WOFF beside every WOFF2; no browser we meet needs it, and it doubles the size. */
function onlyWoff2(): Plugin {
  return {
    name: 'only-woff2',
    enforce: 'pre',
    transform(code, id) {
      if (!/@fontsource\/.*\.css/.test(id)) return null
      return { code: code.replaceAll(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''), map: null }
    },
  }
}

/** What our three apps have in common: nothing inline and no eval, so that a strict CSP holds. */
export function browserApp({ base, api }: BrowserApp): UserConfig {
  return defineConfig({
    base,
    logLevel: 'warn', // 675 font files would fill every build log
    plugins: [onlyWoff2(), vue()],
    define: {
      __INTLIFY_PROD_DEVTOOLS__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'true',
      __VUE_I18N_LEGACY_API__: 'false',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
    },
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1500,
      modulePreload: { polyfill: false },
      sourcemap: false,
      rolldownOptions: {
        output: {
          // Hashes in 675 font names are most of the style sheet once it is compressed.
          assetFileNames: ({ names }) =>
            names[0]?.endsWith('.woff2') ? 'fonts/[name][extname]' : 'assets/[name]-[hash][extname]',
        },
      },
    },
    server: {
      proxy: {
        '/api': { target: api },
        '/ws': { target: api, ws: true },
      },
    },
  })
}
