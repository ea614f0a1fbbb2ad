import { ElMessage } from 'element-plus/es/components/message/index'

/** Says in words, at the top and for a few seconds, that something was done. */
export function notifyDone(message: string): void {
  ElMessage({ type: 'success', message, grouping: true })
}
