import { beforeEach, describe, expect, it } from 'vitest'

import { FirstPicture } from '../src/rtc/first-picture.ts'
import { FakeTimers } from './fakes.ts'

class Track extends EventTarget {
  constructor(public muted: boolean) {
    super()
  }
}

const stream = (...tracks: Track[]) => ({ getVideoTracks: () => tracks }) as unknown as MediaStream

describe('the first picture of a talk', () => {
  let timers: FakeTimers
  let waiting: boolean
  let picture: FirstPicture

  beforeEach(() => {
    timers = new FakeTimers()
    waiting = false
    picture = new FirstPicture((still) => (waiting = still), timers)
    picture.await()
  })

  it('is waited for until the track shows something', () => {
    const track = new Track(true)
    picture.arrives(stream(track))
    expect(waiting).toBe(true)
    track.dispatchEvent(new Event('unmute'))
    expect(waiting).toBe(false)
  })

  it('is there when the track shows something already', () => {
    picture.arrives(stream(new Track(false)))
    expect(waiting).toBe(false)
  })

  it('is not waited for longer than a second, nor is a voice alone', () => {
    picture.arrives(stream())
    expect(waiting).toBe(true)
    timers.advance(1000)
    expect(waiting).toBe(false)
  })

  it('of a talk before does not end the wait for this one', () => {
    const old = new Track(true)
    picture.arrives(stream(old))
    picture.await()
    picture.arrives(stream(new Track(true)))
    old.dispatchEvent(new Event('unmute'))
    expect(waiting).toBe(true)
  })
})
