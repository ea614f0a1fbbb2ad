import { ref, type Ref } from 'vue'

import type { RoomView } from '@jiujin/shared'

/** Survives a reload of this window, not its end: only such a window goes back in by itself. */
const HERE = 'jiujin.call'

export interface Place {
  /** Whether this page is to be in the room. */
  stays: boolean
  /** Whether the center has to be told. */
  joins: boolean
}

const OUT: Place = { stays: false, joins: false }

export interface CallPlace {
  elsewhere: Ref<boolean>
  follow: (room: RoomView | null, connection: number) => Place
  take: (roomId: string | null) => void
}

/**
 * Which of a person's windows is in the call. The center holds the one that joined last; the others
 * step back, and a window opened anew waits to be told, so that no two take the call from each other.
 */
export function useCallPlace(session: string, storage: Storage = sessionStorage): CallPlace {
  const elsewhere = ref(false)
  let room: string | null = null
  /** The center has shown this page in the room. */
  let seen = false
  /** The connection over which this page joined; a new one has to be told again. */
  let joined = 0

  function enters(next: RoomView): void {
    room = next.room_id
    seen = false
    joined = 0
    const free = next.your_session === null || next.your_session === session || !next.open
    elsewhere.value = !free && storage.getItem(HERE) !== room
  }

  function follow(next: RoomView | null, connection: number): Place {
    if (next === null) {
      room = null
      elsewhere.value = false
      return OUT
    }
    if (next.room_id !== room) enters(next)
    if (next.your_session === session) seen = true
    else if (seen && next.your_session !== null) stepBack()
    if (elsewhere.value) return OUT
    if (next.open) storage.setItem(HERE, next.room_id)
    const joins = joined !== connection
    joined = connection
    return { stays: true, joins }
  }

  function stepBack(): void {
    elsewhere.value = true
    seen = false
    joined = 0
    storage.removeItem(HERE)
  }

  function take(roomId: string | null): void {
    elsewhere.value = false
    if (roomId !== null) storage.setItem(HERE, roomId)
  }

  return { elsewhere, follow, take }
}
