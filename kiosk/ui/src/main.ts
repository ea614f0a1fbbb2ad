import '@jiujin/shared/fonts'
import './styles/tokens.css'
import './styles/base.css'
import { createApp } from 'vue'

import App from './App.vue'
import { KIOSK, startKiosk } from './app/kiosk'
import { applyLook } from './features/look/look'
import { i18n } from './i18n'

applyLook(document.documentElement)
createApp(App).use(i18n).provide(KIOSK, startKiosk()).mount('#app')
