import type { ConsultationState, Language, Matter, Outcome, Role } from '@jiujin/shared/generated/center'

/** The wire's closed sets of words in the order in which people are offered them. */
export const STATES = [
  'waiting',
  'offered',
  'connecting',
  'active',
  'interrupted',
  'wrap_up',
  'closed',
  'left',
  'message',
] as const satisfies ConsultationState[]

export const MATTERS = [
  'family',
  'neighbours',
  'labour',
  'debt',
  'property',
  'traffic',
  'consumer',
  'other',
] as const satisfies Matter[]

export const OUTCOMES = [
  'advice',
  'legal_aid',
  'mediation',
  'arbitration',
  'notary',
  'court',
  'police',
  'petition',
  'follow_up',
] as const satisfies Outcome[]

export const LANGUAGES = ['zh', 'ko', 'en'] as const satisfies Language[]

export const ROLES = ['lawyer', 'mediator', 'supervisor', 'admin'] as const satisfies Role[]
