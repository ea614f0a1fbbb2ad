import type { EventView } from '@jiujin/shared/generated/center'

/** A stretch of a consultation's life, as the resident lived it. */
export type PhaseName = 'waiting' | 'ringing' | 'connecting' | 'talking' | 'interrupted' | 'filing'

export interface Phase {
  name: PhaseName
  from: number
  seconds: number
}

/**
 * The stretches between a consultation's events, oldest first, computed from the log alone.
 * An open one ends `now` (milliseconds); neighbours of the same kind are one.
 */
export function phasesOf(events: EventView[], now: number): Phase[] {
  const phases: Phase[] = []
  const media = new Set<unknown>()
  let current: PhaseName | null = null
  let from = 0

  const enter = (next: PhaseName | null, at: number): void => {
    if (next === current) return
    if (current !== null && at > from) phases.push({ name: current, from, seconds: Math.round((at - from) / 1000) })
    current = next
    from = at
  }

  for (const event of events) enter(after(event, current, media), Date.parse(event.at))
  enter(null, now)
  return phases
}

/** Seconds of each kind together, in the order in which they first came. */
export function lengthsOf(phases: Phase[]): [PhaseName, number][] {
  const lengths = new Map<PhaseName, number>()
  for (const { name, seconds } of phases) lengths.set(name, (lengths.get(name) ?? 0) + seconds)
  return [...lengths]
}

function after(event: EventView, current: PhaseName | null, media: Set<unknown>): PhaseName | null {
  switch (event.type) {
    case 'requested':
    case 'declined':
    case 'offer_expired':
      return 'waiting'
    case 'transferred':
      media.clear()
      return 'waiting'
    case 'offered':
      return 'ringing'
    case 'accepted':
    case 'taken':
      return 'connecting'
    case 'media_reported':
      return withMedia(event, current, media)
    case 'connect_expired':
      return 'interrupted'
    case 'grace_expired':
    case 'hung_up':
      return 'filing'
    case 'kiosk_revoked':
      return current === 'waiting' || current === 'ringing' ? null : 'filing'
    case 'filed':
    case 'wrap_up_expired':
    case 'left':
    case 'message_left':
      return null
    default:
      return current
  }
}

/** The talk is on while both sides see each other. */
function withMedia(event: EventView, current: PhaseName | null, media: Set<unknown>): PhaseName | null {
  const { side, state } = event.data
  if (state === 'up') media.add(side)
  else media.delete(side)
  const live = current === 'connecting' || current === 'talking' || current === 'interrupted'
  if (!live) return current
  if (media.has('kiosk') && media.has('staff')) return 'talking'
  return current === 'connecting' && state !== 'failed' ? 'connecting' : 'interrupted'
}
