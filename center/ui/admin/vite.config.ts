import { browserApp } from '../../../.ci/vite-app.ts'

export default browserApp({ base: '/admin/', api: 'http://127.0.0.1:8700' })
