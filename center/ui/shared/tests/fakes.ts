import type { Timers } from '../src/wire/timers.ts'

/** A clock that stands still until it is advanced. */
export class FakeTimers implements Timers {
  now = 0
  private queue: { at: number; run: () => void }[] = []

  after(delayMs: number, callback: () => void): () => void {
    const entry = { at: this.now + delayMs, run: callback }
    this.queue.push(entry)
    return () => {
      this.queue = this.queue.filter((other) => other !== entry)
    }
  }

  advance(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const due = this.queue.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.queue = this.queue.filter((entry) => entry !== due)
      this.now = Math.max(this.now, due.at)
      due.run()
    }
    this.now = end
  }

  get waiting(): number {
    return this.queue.length
  }
}

/** A small seeded generator (mulberry32), so that a failing run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Lets promise chains that are ready run to their end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
}

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  readonly sent: Record<string, unknown>[] = []
  closed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }

  close(): void {
    this.closed = true
  }

  opens(): void {
    this.onopen?.()
  }

  says(frame: object | string): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
  }

  dies(code = 1006): void {
    this.onclose?.({ code })
  }
}
