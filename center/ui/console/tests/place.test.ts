import { beforeEach, describe, expect, it } from 'vitest'

import type { RoomView } from '@jiujin/shared'

import { type CallPlace, useCallPlace } from '../src/features/call/place.ts'

const STAYS = { stays: true, joins: false }
const JOINS = { stays: true, joins: true }
const OUT = { stays: false, joins: false }

function room(your_session: string | null, open = true, room_id = 'c1'): RoomView {
  return { room_id, open, you: 'staff:jin', your_session, peers: [], ice_servers: [], ice_transport_policy: 'all' }
}

let place: CallPlace

beforeEach(() => {
  sessionStorage.clear()
  place = useCallPlace('me')
})

describe('the window that answers', () => {
  it('is in the room from the first ring on, and says so once for each connection', () => {
    expect(place.follow(room(null, false), 1)).toEqual(JOINS)
    expect(place.follow(room(null, false), 1)).toEqual(STAYS)
    expect(place.follow(room('me', false), 1)).toEqual(STAYS)
    place.take('c1')
    expect(place.follow(room('me'), 1)).toEqual(STAYS)
    expect(place.follow(room('me'), 2)).toEqual(JOINS)
  })

  it('goes back in by itself when it was loaded anew', () => {
    place.follow(room(null), 1)
    const reloaded = useCallPlace('me-again')
    expect(reloaded.follow(room('me'), 1)).toEqual(JOINS)
    expect(reloaded.elsewhere.value).toBe(false)
  })

  it('is not taken for replaced by news from before its joining', () => {
    place.follow(room(null), 1)
    const reloaded = useCallPlace('me-again')
    reloaded.follow(room('me'), 1)
    expect(reloaded.follow(room('me'), 1)).toEqual(STAYS)
    expect(reloaded.follow(room('me-again'), 1)).toEqual(STAYS)
  })
})

describe('a window on another computer', () => {
  it('is offered the call, and joins when it is told to', () => {
    expect(place.follow(room('old'), 1)).toEqual(OUT)
    expect(place.elsewhere.value).toBe(true)
    place.take('c1')
    expect(place.follow(room('old'), 1)).toEqual(JOINS)
    expect(place.elsewhere.value).toBe(false)
  })

  it('goes in by itself where nobody is, as after a restart of the center', () => {
    expect(place.follow(room(null), 1)).toEqual(JOINS)
  })
})

describe('a window whose call was taken over', () => {
  beforeEach(() => {
    place.follow(room(null), 1)
    place.follow(room('me'), 1)
    expect(place.follow(room('other'), 1)).toEqual(OUT)
  })

  it('steps back, also when its own line was cut meanwhile', () => {
    expect(place.elsewhere.value).toBe(true)
    expect(place.follow(room('other'), 2)).toEqual(OUT)
  })

  it('may take it back', () => {
    place.take('c1')
    expect(place.follow(room('other'), 1)).toEqual(JOINS)
  })

  it('knows nothing of it in the next call', () => {
    place.follow(null, 1)
    expect(place.elsewhere.value).toBe(false)
    expect(place.follow(room(null, false, 'c2'), 1)).toEqual(JOINS)
  })
})
