import { ElMessage } from 'element-plus/es/components/message/index'

import { RequestError } from '@jiujin/shared'

import { i18n } from './i18n.ts'

/** Says in words, at the top and for a few seconds, why something was not done. */
export function notifyFailure(error: unknown): void {
  const code = error instanceof RequestError ? error.code : 'internal'
  if (!(error instanceof RequestError)) console.error(error)
  ElMessage({ type: 'error', message: i18n.global.t(`errors.${code}`), grouping: true })
}

export function notifyDone(message: string): void {
  ElMessage({ type: 'success', message, grouping: true })
}
