import { onBeforeUnmount, onMounted, ref } from 'vue'

import type { PageView } from '@jiujin/shared'

import { useCall } from '../call/store.ts'
import { usePages } from '../desk/store.ts'
import { askCapture } from '../desk/useCapture.ts'
import { type Tool, usePointing } from '../pointing/store.ts'
import { writing } from '../pointing/writing.ts'
import { useMedia } from '../duty/media.ts'
import { useDesk } from '../queue/store.ts'

/** Shown on `?`, in this order; the words stand under `help.keys`. */
export const SHORTCUTS = [
  { keys: ['Enter'], does: 'take' },
  { keys: ['M'], does: 'mute' },
  { keys: ['C'], does: 'capture' },
  { keys: ['←', '→'], does: 'page' },
  { keys: ['+', '−'], does: 'zoom' },
  { keys: ['R'], does: 'rotate' },
  { keys: ['V', 'P', 'O', 'H'], does: 'tools' },
  { keys: ['Z'], does: 'undo' },
  { keys: ['S', 'T'], does: 'show' },
  { keys: ['N'], does: 'note' },
  { keys: ['Esc'], does: 'leave' },
  { keys: ['?'], does: 'help' },
] as const

export const helpOpen = ref(false)

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

/** Enter and the space bar on a button belong to that button. */
function isPressing(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && event.target instanceof HTMLElement && event.target.matches('button, a')
}

/** A button pressed by the mouse gives the focus back, so that the next Enter answers the next call. */
function releaseFocus(event: MouseEvent): void {
  if (event.detail > 0 && event.target instanceof Element) event.target.closest('button')?.blur()
}

/** A closed dialog of Element Plus stays in the document, its overlay hidden. */
function dialogOpen(): boolean {
  const overlays = document.querySelectorAll<HTMLElement>('.el-overlay')
  return [...overlays].some((overlay) => overlay.style.display !== 'none')
}

/** Keys of the whole workspace; silent while somebody types or a dialog is open. */
export function useShortcuts(): void {
  const desk = useDesk()
  const call = useCall()
  const media = useMedia()
  const pages = usePages()
  const pointing = usePointing()

  const choose = (tool: Tool) => () => {
    if (call.talking && pages.page) pointing.tool = tool
  }
  const withPage = (act: (page: PageView) => Promise<void>) => () => {
    if (call.talking && pages.page) void act(pages.page)
  }

  const actions: Record<string, () => void> = {
    Enter: () => void (desk.offer ? desk.accept() : desk.take()),
    m: () => call.talking && media.toggleMute(),
    c: () => call.talking && void askCapture(),
    ArrowLeft: () => pages.step(-1),
    ArrowRight: () => pages.step(1),
    '+': () => pages.zoom(1),
    '=': () => pages.zoom(1),
    '-': () => pages.zoom(-1),
    r: () => pages.rotate(),
    v: choose('hand'),
    p: choose('point'),
    o: choose('circle'),
    h: choose('highlight'),
    z: withPage(({ sha256 }) => pointing.takeBack(sha256)),
    s: withPage(({ sha256 }) => (pointing.shownPage === sha256 ? pointing.close() : pointing.showPage(sha256, pages.view.rotation))),
    t: () => {
      if (call.talking) writing.value = true
    },
    n: () => document.querySelector<HTMLTextAreaElement>('[data-testid="notes"]')?.focus(),
    '?': () => (helpOpen.value = true),
  }

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    if (event.repeat || isPressing(event) || dialogOpen()) return
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  }

  onMounted(() => {
    window.addEventListener('keydown', pressed)
    window.addEventListener('click', releaseFocus)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', pressed)
    window.removeEventListener('click', releaseFocus)
  })
}
