import { expect, it, vi } from 'vitest'

import type { LineCheck } from '../../src/generated/center'
import { checkLine, type CheckTools, shortcomings } from '../../src/line-check/check.ts'
import { reaches, relayLoss } from '../../src/line-check/relays.ts'
import { rate, roundTrip, TRANSFER_LIMIT } from '../../src/line-check/transfer.ts'

const never = new AbortController().signal
const FINE: LineCheck = {
  camera: 'ok', microphone: 'ok', loudspeaker: 'heard', round_trip_ms: 30, loss: 0, down_kbps: 9000, up_kbps: 3000, relays: 2, relays_reached: 2,
}

function tools(changed: Partial<CheckTools> = {}): CheckTools {
  return {
    camera: () => Promise.resolve('ok'),
    microphone: () => Promise.resolve('ok'),
    loudspeaker: (audible) => Promise.resolve(audible ? 'heard' : 'present'),
    transfers: () => ({ down: () => Promise.resolve(), up: () => Promise.resolve() }),
    reaches: () => Promise.resolve(true),
    relayLoss: () => Promise.resolve(0),
    ...changed,
  }
}
const options = { stream: null, path: '/line', iceServers: [{ urls: 'turn:a' }, { urls: 'turn:b' }], audible: false }

/** A line on which a byte takes its time, by a clock of its own. */
function slow(kbps: number, pauseMs = 0) {
  let ms = 0
  const moved: number[] = []
  const transfer = (bytes: number) => {
    moved.push(bytes)
    ms += pauseMs + (8 * bytes) / kbps
    return Promise.resolve()
  }
  return { transfer, now: () => ms, moved }
}

it.each([[100, 100, 200], [2000, 2000, 900], [50_000, 50_000, 600]])('finds a rate of %d kbit/s, in time', async (kbps, found, withinMs) => {
  const line = slow(kbps)
  expect(await rate(line.transfer, 700, never, line.now)).toBeCloseTo(found)
  expect(line.now() - (8 * (line.moved.at(-1) ?? 0)) / kbps).toBeLessThan(withinMs + 700)
  expect(Math.max(...line.moved)).toBeLessThanOrEqual(TRANSFER_LIMIT)
})

it('knows the part that came when the rest fails, and nothing when nothing came', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const line = slow(1000)
  const breaks = (bytes: number) => (bytes > 20_000 ? Promise.reject(new Error('cut')) : line.transfer(bytes))
  expect(await rate(breaks, 700, never, line.now)).toBeCloseTo(1000)
  const cut = () => Promise.reject(new Error('cut'))
  expect([await rate(cut, 700, never), await roundTrip(cut, never)]).toEqual([null, null])
})

it('takes the least round trip, without the one that opens the connection', async () => {
  const pauses = [300, 40, 35, 90, 35, 60]
  let ms = 0
  const down = () => Promise.resolve(void (ms += pauses.shift() ?? 1000))
  expect(await roundTrip(down, never, () => ms)).toBe(35)
})

it('looks at everything, and is silent where it must be', async () => {
  const found = await checkLine(options, tools())
  expect(found).toMatchObject({ camera: 'ok', microphone: 'ok', loudspeaker: 'present', loss: 0, relays: 2, relays_reached: 2 })
  expect(found.down_kbps).toBeGreaterThan(0)
})

it('tells what it knows when one part hangs or breaks, and when it is given up', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const given = new AbortController()
  const hanging = new Promise<never>(() => undefined)
  const checked = checkLine(
    { ...options, signal: given.signal },
    tools({ camera: () => hanging, microphone: () => Promise.reject(new Error('broken')), reaches: ({ urls }) => (urls === 'turn:a' ? Promise.resolve(false) : hanging) }),
  )
  await new Promise((resolve) => setTimeout(resolve))
  given.abort()
  expect(await checked).toMatchObject({ camera: 'missing', microphone: 'missing', loudspeaker: 'present', relays: 2, relays_reached: 0, up_kbps: null })
})

it('asks the nearest relay that was reached what it loses', async () => {
  const asked: unknown[] = []
  const found = await checkLine(
    options,
    tools({ reaches: ({ urls }) => Promise.resolve(urls === 'turn:b'), relayLoss: (server) => (asked.push(server.urls), Promise.resolve(0.05)) }),
  )
  expect([asked, found.relays_reached, found.loss]).toEqual([['turn:b'], 1, 0.05])
})

it.each<[Partial<LineCheck>, string[]]>([
  [{}, []],
  [{ relays: 0, relays_reached: 0, loss: null }, []],
  [{ camera: 'nothing', loudspeaker: 'missing' }, ['camera', 'loudspeaker']],
  [{ round_trip_ms: null, down_kbps: null }, ['round_trip_ms', 'down_kbps']],
  [{ loss: 0.1, up_kbps: 200, relays_reached: 1 }, ['loss', 'up_kbps', 'relays_reached']],
])('names what is too little', (changed, names) => {
  expect(shortcomings({ ...FINE, ...changed })).toEqual(names)
})

function ignore(): void {
  // Nobody listens yet.
}

/** Two ends in one page, whose relay loses every tenth packet. */
class FakeRelayed {
  static last: FakeRelayed | null = null
  onicecandidate: ((event: { candidate: { candidate: string } | null }) => void) | null = null
  ondatachannel: ((event: { channel: object }) => void) | null = null
  localDescription = {}
  private readonly other = FakeRelayed.last
  readonly channel = { onopen: ignore, onmessage: ignore as (event: { data: string }) => void, send: (data: string) => this.sent(data) }
  private count = 0

  constructor(private readonly relays = true) {
    FakeRelayed.last = this
  }

  createDataChannel = () => this.channel
  setLocalDescription = () => {
    queueMicrotask(() => this.onicecandidate?.({ candidate: this.relays ? { candidate: 'relay' } : null }))
    return Promise.resolve()
  }
  setRemoteDescription = () => {
    const { other } = this
    if (other !== null && this.ondatachannel !== null) {
      const echo = { onmessage: ignore as (event: { data: string }) => void, send: (data: string) => other.channel.onmessage({ data }) }
      this.ondatachannel({ channel: echo })
      other.deliver = (data) => echo.onmessage({ data })
      setTimeout(() => other.channel.onopen())
    }
    return Promise.resolve()
  }
  addIceCandidate = () => Promise.resolve()
  close = vi.fn()
  deliver: (data: string) => void = () => undefined
  private sent(data: string): void {
    this.count += 1
    if (this.count % 10 !== 0) this.deliver(data)
  }
}

it('reaches a relay that lends an address, and counts what does not come back', async () => {
  FakeRelayed.last = null
  const create = (relays: boolean) => () => new FakeRelayed(relays) as unknown as RTCPeerConnection
  expect(await reaches({ urls: 'turn:a' }, never, create(true))).toBe(true)
  expect(await reaches({ urls: 'turn:a' }, never, create(false))).toBe(false)
  FakeRelayed.last = null
  expect(await relayLoss({ urls: 'turn:a' }, never, create(true))).toBeCloseTo(0.1)
})
