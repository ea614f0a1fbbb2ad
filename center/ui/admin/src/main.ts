import '@jiujin/shared/fonts'
import '@jiujin/shared/tokens.css'
import './lib/element.ts'
import './theme.css'

import { createPinia } from 'pinia'
import { createApp } from 'vue'

import App from './App.vue'
import { i18n } from './lib/i18n.ts'
import { router } from './router.ts'

createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
