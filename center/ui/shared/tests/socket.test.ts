import { beforeEach, describe, expect, it } from 'vitest'

import { RequestError, RequestSocket } from '../src/wire/requests.ts'
import { backoffMs } from '../src/wire/backoff.ts'
import type { SocketState } from '../src/wire/socket.ts'
import { FakeSocket, FakeTimers, settle } from './fakes.ts'

interface In {
  type: string
  seq?: number
}

type Out = { type: 'hello'; last_seq: number } | { type: 'save'; id: number; text: string } | { type: 'ping'; id: number }

let timers: FakeTimers
let sockets: FakeSocket[]
let client: RequestSocket<In, Out>
let states: SocketState[]

const newest = () => sockets.at(-1) as FakeSocket

function welcome(): FakeSocket {
  newest().opens()
  newest().says({ type: 'welcome', seq: 90 })
  return newest()
}

beforeEach(() => {
  timers = new FakeTimers()
  sockets = []
  states = []
  client = new RequestSocket<In, Out>(
    {
      url: 'wss://center/ws',
      hello: (last_seq) => ({ type: 'hello', last_seq }),
      isWelcome: (frame) => frame.type === 'welcome',
      open: () => {
        sockets.push(new FakeSocket())
        return newest() as unknown as WebSocket
      },
      timers,
      random: () => 1,
    },
    { type: 'ping' },
  )
  client.socket.states.add((state) => states.push(state))
  client.socket.start()
})

describe('reconnecting socket', () => {
  it('says hello first, is online after the welcome, and resumes behind the newest push', () => {
    const first = welcome()
    first.says({ type: 'hall.state', seq: 41 })
    first.dies()
    timers.advance(1000)
    newest().opens()
    expect(states).toEqual(['connecting', 'online', 'offline', 'connecting'])
    expect(newest().sent).toEqual([{ type: 'hello', last_seq: 41 }])
  })

  it('waits longer each time, up to a cap, and starts anew after a line that held', () => {
    const delays: number[] = []
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const before = timers.now
      const dialled = sockets.length
      newest().dies()
      while (sockets.length === dialled) timers.advance(50)
      delays.push(timers.now - before)
    }
    expect(delays).toEqual([300, 600, 1200, 2400, 4800, 6000, 6000])
    welcome().dies()
    timers.advance(5900)
    expect(sockets).toHaveLength(8)
    timers.advance(100)
    const held = welcome()
    timers.advance(10_000)
    held.dies()
    timers.advance(300)
    expect(sockets).toHaveLength(10)
  })

  it('draws its delays from the whole interval (full jitter)', () => {
    expect(backoffMs(3, { baseMs: 100, capMs: 9000 }, () => 0)).toBe(0)
    expect(backoffMs(3, { baseMs: 100, capMs: 9000 }, () => 0.5)).toBe(400)
    expect(backoffMs(60, { baseMs: 100, capMs: 9000 }, () => 1)).toBe(9000)
  })

  it('does not come back when it was signed out', () => {
    welcome().dies(4401)
    timers.advance(60_000)
    expect(states.at(-1)).toBe('refused')
    expect(sockets).toHaveLength(1)
  })

  it('gives up a connection that is never welcomed', () => {
    newest().opens()
    timers.advance(8000)
    expect(newest().closed).toBe(true)
    expect(states.at(-1)).toBe('offline')
  })

  it('dials at once when poked, and survives frames that are no frames', () => {
    welcome().says('{nonsense')
    newest().says('[]')
    newest().dies()
    client.socket.poke()
    expect(sockets).toHaveLength(2)
  })
})

describe('requests', () => {
  it('rise in id and settle by ack or by typed error', async () => {
    const socket = welcome()
    const saved = client.request({ type: 'save', text: 'one' })
    const refused = client.request({ type: 'save', text: 'two' })
    expect(socket.sent.slice(1)).toEqual([
      { type: 'save', id: 1, text: 'one' },
      { type: 'save', id: 2, text: 'two' },
    ])
    socket.says({ type: 'error', re: 2, code: 'conflict', detail: 'why' } as In)
    socket.says({ type: 'ack', re: 1 } as In)
    await expect(saved).resolves.toBeUndefined()
    await expect(refused).rejects.toMatchObject({ code: 'conflict' })
  })

  it('are sent again after an outage when they may be, and fail when they may not', async () => {
    welcome()
    const kept = client.request({ type: 'save', text: 'kept' }, { keep: true })
    const lost = client.request({ type: 'save', text: 'lost' })
    newest().dies()
    await expect(lost).rejects.toThrow(RequestError)
    await expect(client.request({ type: 'save', text: 'late' })).rejects.toMatchObject({ code: 'disconnected' })
    timers.advance(1000)
    const again = welcome()
    expect(again.sent).toEqual([
      { type: 'hello', last_seq: 0 },
      { type: 'save', id: 3, text: 'kept' },
    ])
    again.says({ type: 'ack', re: 3 } as In)
    await expect(kept).resolves.toBeUndefined()
  })

  it('reports refusals that answer nothing', () => {
    const codes: string[] = []
    client.refusals.add(({ code }) => codes.push(code))
    welcome().says({ type: 'error', re: null, code: 'bad_frame', detail: '' } as In)
    expect(codes).toEqual(['bad_frame'])
  })

  it('finds a dead line by an unanswered ping', async () => {
    const socket = welcome()
    timers.advance(10_000)
    socket.says({ type: 'ack', re: 1 } as In)
    await settle()
    timers.advance(10_000)
    expect(socket.sent.filter(({ type }) => type === 'ping')).toHaveLength(2)
    timers.advance(5000)
    expect(socket.closed).toBe(true)
    expect(states.at(-1)).toBe('offline')
  })
})
