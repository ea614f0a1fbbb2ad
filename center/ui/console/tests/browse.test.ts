import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { createI18n } from 'vue-i18n'

import { RequestError } from '@jiujin/shared'

import BrowseDialog from '../src/features/browse/BrowseDialog.vue'
import zh from '../src/locales/zh.json'

interface Row {
  id: string
}

const ROWS: Row[] = [{ id: 'first' }, { id: 'second' }]
const GONE = new RequestError('disconnected', '')

function opened(list: () => Promise<Row[]>, one: (row: Row) => Promise<string> = async ({ id }) => `all of ${id}`) {
  return mount(BrowseDialog<Row, string>, {
    props: { modelValue: true, title: '', width: 800, none: 'nothing yet', choose: 'choose one', list, one, idOf: ({ id }: Row) => id },
    slots: { row: ({ row }) => row.id, head: ({ row }) => `head of ${row.id} `, default: ({ detail }) => detail },
    global: { plugins: [createI18n({ legacy: false, locale: 'zh', messages: { zh } })], stubs: { ElDialog: { template: '<div><slot /></div>' } } },
  })
}

type Shown = ReturnType<typeof opened>
const choose = (shown: Shown, place: number) => shown.findAll('[data-testid=browse-row]')[place]?.trigger('click')
const again = (shown: Shown) => shown.get('[data-testid=browse-again]').trigger('click')

describe('a list and one of its rows', () => {
  it('says that it is being read, then shows it, and what was chosen', async () => {
    const shown = opened(async () => ROWS)
    expect(shown.get('[role=status]').text()).toBe(zh.browse.loading)
    await flushPromises()
    expect(shown.text()).toBe('firstsecondchoose one')
    await choose(shown, 1)
    expect(shown.text()).toContain('head of second')
    await flushPromises()
    expect(shown.text()).toContain('all of second')
  })

  it('says that there is nothing', async () => {
    const shown = opened(async () => [])
    await flushPromises()
    expect(shown.text()).toBe('nothing yet')
  })

  it('says why the list could not be read, and reads it again', async () => {
    const list = vi.fn(async () => ROWS).mockRejectedValueOnce(GONE)
    const shown = opened(list)
    await flushPromises()
    const alert = shown.get('[role=alert]').text()
    expect(alert).toContain(zh.browse.failed)
    expect(alert).toContain(zh.errors.disconnected)
    await again(shown)
    await flushPromises()
    expect(shown.find('[role=alert]').exists()).toBe(false)
    expect(shown.findAll('[data-testid=browse-row]')).toHaveLength(2)
  })

  it('says why a row could not be read beside the list, and reads it again', async () => {
    const one = vi.fn(async ({ id }: Row) => `all of ${id}`).mockRejectedValueOnce(GONE)
    const shown = opened(async () => ROWS, one)
    await flushPromises()
    await choose(shown, 0)
    await flushPromises()
    expect(shown.get('section').text()).toContain(zh.errors.disconnected)
    expect(shown.findAll('[data-testid=browse-row]')).toHaveLength(2)
    await again(shown)
    await flushPromises()
    expect(shown.get('section').text()).toBe('head of first all of first')
  })

  it('reads anew whenever it is opened', async () => {
    const list = vi.fn(async () => ROWS)
    const shown = opened(list)
    await flushPromises()
    await shown.setProps({ modelValue: false })
    await shown.setProps({ modelValue: true })
    expect(list).toHaveBeenCalledTimes(2)
  })

  it('shows what was chosen last, whatever comes first', async () => {
    let late: (detail: string) => void = () => undefined
    const slow = new Promise<string>((resolve) => (late = resolve))
    const shown = opened(
      async () => ROWS,
      ({ id }) => (id === 'first' ? slow : Promise.resolve(`all of ${id}`)),
    )
    await flushPromises()
    await choose(shown, 0)
    await choose(shown, 1)
    await flushPromises()
    late('all of first')
    await flushPromises()
    expect(shown.get('section').text()).toBe('head of second all of second')
  })
})
