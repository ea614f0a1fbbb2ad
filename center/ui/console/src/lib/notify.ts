import { ElMessage } from 'element-plus/es/components/message/index'

import { codeOf } from './failure.ts'
import { i18n } from './i18n.ts'

/** Says in words, at the top and for a few seconds, why something was not done. */
export function notifyFailure(error: unknown): void {
  ElMessage({ type: 'error', message: i18n.global.t(`errors.${codeOf(error)}`), grouping: true })
}

export function notifyDone(message: string): void {
  ElMessage({ type: 'success', message, grouping: true })
}
