import type { DutyState } from '@jiujin/shared'

/** What is said where no consultation is open, under `idle` in the catalogues; so many wait. */
export function idleWords(duty: DutyState, waiting: number) {
  switch (duty) {
    case 'off':
    case 'away':
      return duty
    case 'offered':
      return 'ringing'
    case 'busy':
    case 'wrap_up':
      return 'busy'
    case 'available':
      return waiting > 0 ? 'waiting' : 'quiet'
  }
}
