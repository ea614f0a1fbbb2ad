import type { ColleagueView, Language, Matter } from '@jiujin/shared'

/** To whom a consultation is handed on. */
export type Target = { to: 'queue' } | { to: 'skill'; matter: Matter } | { to: 'staff'; staffId: string }

export interface Skill {
  matter: Matter
  /** Who on duty knows it, the free ones first. */
  who: readonly ColleagueView[]
}

/** The skills that somebody on duty has; nobody else's could be rung. */
export function skillsOf(colleagues: readonly ColleagueView[]): Skill[] {
  const matters = [...new Set(colleagues.flatMap(({ skills }) => skills))]
  return matters.map((matter) => ({ matter, who: colleagues.filter(({ skills }) => skills.includes(matter)) }))
}

/** Whether the resident can be understood there without an interpreter. */
export function speaks(colleague: ColleagueView, language: Language): boolean {
  return colleague.languages.includes(language)
}

export function fieldsOf(target: Target): { to_staff_id: string | null; to_skill: Matter | null } {
  return {
    to_staff_id: target.to === 'staff' ? target.staffId : null,
    to_skill: target.to === 'skill' ? target.matter : null,
  }
}

/** Whether the target can still be chosen among these; the queue always can. */
export function stands(target: Target, colleagues: readonly ColleagueView[]): boolean {
  if (target.to === 'staff') return colleagues.some(({ staff_id }) => staff_id === target.staffId)
  return target.to === 'queue' || colleagues.some(({ skills }) => skills.includes(target.matter))
}
