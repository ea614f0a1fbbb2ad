/** Actions of the audit log that have words of their own here. */
const NAMED = new Set([
  'kiosk.code',
  'kiosk.created',
  'kiosk.enrolled',
  'kiosk.revoked',
  'read.agreement',
  'read.document',
  'read.marks',
  'read.page.clean',
  'read.page.original',
  'read.recording',
  'recording.empty',
  'recording.late',
  'recording.sealed',
  'retention.delete',
  'retention.recording',
  'session.attempt',
  'session.begin',
  'session.end',
  'staff.change',
  'staff.create',
])

/** Catalogue key of an action under `action.`; an unknown one is named as it is. */
export function actionKey(action: string): string {
  return NAMED.has(action) ? action.replaceAll('.', '_') : 'other'
}
