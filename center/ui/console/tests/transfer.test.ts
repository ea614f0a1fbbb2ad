import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'

import type { ColleagueView } from '@jiujin/shared'

import { fieldsOf, skillsOf, stands } from '../src/features/call/transfer.ts'
import TransferTargets from '../src/features/call/TransferTargets.vue'
import zh from '../src/locales/zh.json'

const colleague = (staff_id: string, more: Partial<ColleagueView> = {}): ColleagueView => ({
  staff_id,
  name: staff_id,
  office: 'office',
  role: 'lawyer',
  languages: ['zh'],
  townships: [],
  skills: [],
  state: 'available',
  since: '2026-11-22T01:00:00Z',
  ...more,
})
const WANG = colleague('wang', { skills: ['labour'] })
const LI = colleague('li', { skills: ['labour', 'family'], state: 'busy', languages: ['zh', 'ko'] })

describe('whom to hand on to', () => {
  it('names one receiver, or none for the queue', () => {
    expect(fieldsOf({ to: 'queue' })).toEqual({ to_staff_id: null, to_skill: null })
    expect(fieldsOf({ to: 'staff', staffId: 'li' })).toEqual({ to_staff_id: 'li', to_skill: null })
    expect(fieldsOf({ to: 'skill', matter: 'family' })).toEqual({ to_staff_id: null, to_skill: 'family' })
  })

  it('offers the skills of those on duty, and who has them', () => {
    const skills = skillsOf([WANG, LI]).map(({ matter, who }) => [matter, who.map(({ name }) => name)])
    expect(skills).toEqual([['labour', ['wang', 'li']], ['family', ['li']]])
  })

  it('knows what can no longer be chosen', () => {
    expect(stands({ to: 'staff', staffId: 'li' }, [WANG])).toBe(false)
    expect(stands({ to: 'skill', matter: 'family' }, [WANG])).toBe(false)
    expect(stands({ to: 'skill', matter: 'labour' }, [WANG])).toBe(true)
    expect(stands({ to: 'queue' }, [])).toBe(true)
  })
})

describe('the list', () => {
  const shown = (props: { colleagues: ColleagueView[] | null; unread?: boolean }) =>
    mount(TransferTargets, {
      props: { unread: false, language: 'ko', modelValue: { to: 'queue' as const }, ...props },
      global: { plugins: [createI18n({ legacy: false, locale: 'zh', messages: { zh } })] },
    })

  it('chooses what was touched, and warns of a language that is not spoken', async () => {
    const list = shown({ colleagues: [WANG, LI] })
    await list.get('[data-testid=transfer-staff-wang]').trigger('change')
    await list.get('[data-testid=transfer-skill-family]').trigger('change')
    expect(list.emitted('update:modelValue')).toEqual([[{ to: 'staff', staffId: 'wang' }], [{ to: 'skill', matter: 'family' }]])
    expect(list.findAll('.mute')).toHaveLength(1)
  })

  it('offers the queue also while nobody is read, nobody is there, or reading failed', async () => {
    for (const props of [{ colleagues: null }, { colleagues: [] }, { colleagues: null, unread: true }]) {
      const list = shown(props)
      expect(list.findAll('input')).toHaveLength(1)
    }
    const failed = shown({ colleagues: null, unread: true })
    await failed.get('button').trigger('click')
    expect(failed.emitted('again')).toHaveLength(1)
  })
})
