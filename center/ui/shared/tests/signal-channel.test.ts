import { describe, expect, it } from 'vitest'

import { SignalChannel } from '../src/rtc/signal-channel.ts'
import { FakeTimers, seeded } from './fakes.ts'


/** A relay that drops, repeats and delays (so reorders) with the given chances. */
class BadRelay {
  readonly heard: Record<'a' | 'b', number[]> = { a: [], b: [] }
  readonly ends: Record<'a' | 'b', SignalChannel<number>>
  frames = 0

  constructor(
    readonly timers: FakeTimers,
    private readonly random: () => number,
    public loss: number,
  ) {
    this.ends = { a: this.end('a', 'b'), b: this.end('b', 'a') }
  }

  private end(self: 'a' | 'b', other: 'a' | 'b'): SignalChannel<number> {
    return new SignalChannel<number>({
      session: self,
      room: 'c1',
      toSession: other,
      link: 1,
      onRenewed: () => undefined,
      timers: this.timers,
      send: (payload) => this.carry(other, payload),
      deliver: (body) => this.heard[self].push(body),
    })
  }

  private carry(to: 'a' | 'b', payload: string): void {
    this.frames += 1
    const copies = this.random() < this.loss ? 0 : this.random() < 0.3 ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      this.timers.after(this.random() * 400, () => this.ends[to].receive(payload))
    }
  }
}

const envelope = { room: 'c1', session: 'peer', to_session: 'new', link: 5, to_link: 0, n: 1, ack: 0, body: 'yes' }

/** The second link of its page. */
function listening(heard: string[], renewed: string[] = []): SignalChannel<string> {
  return new SignalChannel<string>({
    session: 'new',
    room: 'c1',
    toSession: 'peer',
    link: 2,
    timers: new FakeTimers(),
    send: () => undefined,
    deliver: (body) => heard.push(body),
    onRenewed: (payload) => renewed.push(payload),
  })
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('SignalChannel', () => {
  it.each(range(60))('delivers everything once and in order over a bad relay (seed %i)', (seed) => {
    const timers = new FakeTimers()
    const random = seeded(seed)
    const relay = new BadRelay(timers, random, 0.4)
    for (const n of range(40)) {
      relay.ends.a.post(n)
      if (n % 2 === 0) relay.ends.b.post(n)
      timers.advance(random() * 60)
    }
    timers.advance(300_000)
    expect(relay.heard.b).toEqual(range(40))
    expect(relay.heard.a).toEqual(range(40).filter((n) => n % 2 === 0))
    expect(relay.ends.a.pending).toBe(0)
    expect(timers.waiting).toBe(0)
  })

  it('sends each body once and few acknowledgements over a good relay', () => {
    const timers = new FakeTimers()
    const relay = new BadRelay(timers, () => 0.5, 0)
    for (const n of range(20)) relay.ends.a.post(n)
    timers.advance(60_000)
    expect(relay.heard.b).toEqual(range(20))
    expect(relay.frames).toBe(21)
  })

  it('sends again at once when told that the line is back', () => {
    const timers = new FakeTimers()
    const relay = new BadRelay(timers, () => 0.5, 1)
    relay.ends.a.post(7)
    timers.advance(900)
    relay.loss = 0
    relay.ends.a.resend()
    timers.advance(210)
    expect(relay.heard.b).toEqual([7])
  })

  it('takes a sign of life for the line being back, and is done after one round', () => {
    const timers = new FakeTimers()
    const relay = new BadRelay(timers, () => 0.5, 1)
    relay.ends.a.post(7)
    timers.advance(20_000)
    expect([relay.ends.a.isHeard, relay.heard.b]).toEqual([false, []])
    relay.loss = 0
    const frames = relay.frames
    relay.ends.b.resend()
    timers.advance(900)
    expect([relay.ends.a.isHeard, relay.heard.b, relay.ends.a.pending]).toEqual([true, [7], 0])
    timers.advance(60_000)
    expect(relay.frames - frames).toBe(3)
  })

  it('does not breed repetitions when both ends have much to say again', () => {
    const timers = new FakeTimers()
    const relay = new BadRelay(timers, () => 0.5, 0)
    relay.loss = 0
    for (const n of range(40)) {
      relay.ends.a.post(n)
      relay.ends.b.post(n)
    }
    timers.advance(210)
    relay.loss = 1
    timers.advance(60_000)
    relay.loss = 0
    const frames = relay.frames
    relay.ends.a.resend()
    relay.ends.b.resend()
    timers.advance(5000)
    expect([relay.heard.a, relay.heard.b]).toEqual([range(40), range(40)])
    expect([relay.ends.a.pending, relay.ends.b.pending]).toEqual([0, 0])
    expect(relay.frames - frames).toBeLessThan(4 * 40 + 20)
  })

  it('ignores what is meant for an earlier page, and what is no envelope', () => {
    const heard: string[] = []
    const channel = listening(heard)
    channel.receive(JSON.stringify({ ...envelope, to_session: 'old', body: 'no' }))
    channel.receive(JSON.stringify({ ...envelope, room: 'c0', body: 'no' }))
    channel.receive(JSON.stringify({ ...envelope, session: 'other', body: 'no' }))
    channel.receive(JSON.stringify({ ...envelope, to_link: 1, body: 'no' }))
    for (const junk of ['', '{', 'null', '3', '{"n":1}', JSON.stringify({ ...envelope, n: 1.5 })]) {
      channel.receive(junk)
    }
    channel.receive(JSON.stringify(envelope))
    expect(heard).toEqual(['yes'])
  })

  it('ignores an older link of the other page, and tells of a newer one', () => {
    const heard: string[] = []
    const renewed: string[] = []
    const channel = listening(heard, renewed)
    channel.receive(JSON.stringify({ ...envelope, to_link: 2 }))
    channel.receive(JSON.stringify({ ...envelope, link: 4, n: 2, body: 'late' }))
    const newer = JSON.stringify({ ...envelope, link: 6, body: 'anew' })
    channel.receive(newer)
    expect(heard).toEqual(['yes'])
    expect(renewed).toEqual([newer])
  })

  it('leaves no timer behind when it is closed', () => {
    const timers = new FakeTimers()
    const relay = new BadRelay(timers, () => 0.5, 1)
    relay.ends.a.post(1)
    relay.ends.a.close()
    relay.ends.a.post(2)
    expect(timers.waiting).toBe(0)
  })
})
