import type { NoticeCode } from '../../generated/agent'

/** What was not found is said where it was asked for, in place of the title. */
export const MISSING: ReadonlySet<NoticeCode> = new Set(['lookup_not_found', 'agreement_not_found'])
