import type { SocketState } from '@jiujin/shared'
import { computed, type ComputedRef, type InjectionKey, inject, type Ref, ref, shallowReadonly, shallowRef, watch } from 'vue'

import { connectToAgent } from '../agent/link'
import { EMPTY, type PageModel, reduce } from '../agent/model'
import { forgetLook } from '../features/look/look'
import { play } from '../features/look/sound'
import { browserStores, wipeStores } from '../features/wipe/wipe'
import type { AgentToPage, KioskState, PageToAgent, Touch } from '../generated/agent'
import { i18n, LOCALE_TAGS } from '../i18n'
import { KioskMedia, type MediaView } from './media'

/** What every screen works with. */
export interface Kiosk {
  model: Readonly<Ref<PageModel>>
  media: Readonly<MediaView>
  socket: Readonly<Ref<SocketState>>
  /** The agent's clock, ms since the epoch, once a second. */
  now: Readonly<Ref<number>>
  touch: (touch: Touch) => void
  send: (frame: PageToAgent) => void
}

export const KIOSK: InjectionKey<Kiosk> = Symbol('kiosk')

/** Everything of the page that is not a screen; made once. */
export function startKiosk(): Kiosk {
  const session = crypto.randomUUID()
  const model = shallowRef<PageModel>(EMPTY)
  const socketState = ref<SocketState>('idle')
  const socket = connectToAgent(session, location.origin)
  const media = new KioskMedia(session, (frame) => socket.send(frame))

  socket.states.add((state) => {
    socketState.value = state
    if (state === 'online') media.agentIsBack()
  })
  socket.frames.add((frame) => {
    model.value = reduce(model.value, frame, Date.now())
    heard(frame, media)
    if (frame.type === 'page.wipe') {
      void wipe(media).then((leftovers) => socket.send({ type: 'page.wiped', leftovers }))
    }
  })
  followState(model)
  socket.start()

  return {
    model,
    media: shallowReadonly(media.view),
    socket: socketState,
    now: agentClock(model),
    touch: (touch) => socket.send({ type: 'page.touch', touch }),
    send: (frame) => socket.send(frame),
  }
}

function heard(frame: AgentToPage, media: KioskMedia): void {
  switch (frame.type) {
    case 'kiosk.state':
      media.follow(frame)
      break
    case 'room.signalled':
      media.signalled(frame.sender, frame.payload)
      break
    case 'desk.answer':
      media.deskAnswered(frame.sdp)
      break
    case 'desk.failed':
      media.deskFailed()
      break
    case 'desk.captured':
      play('shutter')
      break
    default:
      break
  }
}

async function wipe(media: KioskMedia): Promise<string[]> {
  const running = media.end()
  return [...running, ...(await wipeStores(browserStores()))].slice(0, 50)
}

function followState(model: Readonly<Ref<PageModel>>): void {
  watch(
    () => model.value.state?.language ?? 'zh',
    (language) => {
      i18n.global.locale.value = language
      document.documentElement.lang = LOCALE_TAGS[language]
    },
    { immediate: true },
  )
  watch(
    () => model.value.state?.screen,
    (screen, before) => {
      // The resident who set the size of the text has gone.
      if (screen === 'home' && before !== undefined) forgetLook()
      if (screen === 'call' && before === 'wait') play('answered')
    },
  )
}

function agentClock(model: Readonly<Ref<PageModel>>): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const tick = () => {
    now.value = Date.now() + model.value.clockOffset
  }
  setInterval(tick, 1000)
  watch(() => model.value.clockOffset, tick)
  return now
}

export function useKiosk(): Kiosk {
  const kiosk = inject(KIOSK)
  if (kiosk === undefined) throw new Error('no kiosk was provided')
  return kiosk
}

/** The agent's state; only for what is shown after the agent has spoken. */
export function useKioskState(): ComputedRef<KioskState> {
  const { model } = useKiosk()
  return computed(() => {
    const { state } = model.value
    if (state === null) throw new Error('the agent has not spoken yet')
    return state
  })
}
