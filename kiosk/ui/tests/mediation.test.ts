import { describe, expect, it } from 'vitest'

import { roomVerdict } from '../src/app/needs'
import { progress } from '../src/features/mediation/clauses'
import { inRoom } from '../src/features/mediation/people'
import { fitting, handOver } from '../src/features/mediation/photo'
import { fractions, Strokes } from '../src/features/mediation/strokes'
import type { AgreementView } from '../src/generated/agent'
import { mediation, seat, STATE } from './state'

function agreement(marks: Record<number, boolean>, signed: string[] = []): AgreementView {
  const at = '2026-11-21T06:00:00Z'
  const clauses = [1, 2].map((number) => {
    const agreed = marks[number]
    return { number, first: '', second: null, marks: agreed === undefined ? [] : [{ seat_id: 'me', agreed, at }] }
  })
  return { edition: 1, clauses, signatures: signed.map((seat_id) => ({ seat_id, at })), photos: [], sealed_at: null, sha256: null }
}

describe('the people of a mediation', () => {
  it('are let go at once by whoever is sent back to the waiting room', () => {
    const waiting = { ...STATE, screen: 'mediation', room: null, mediation: mediation([seat('me', { state: 'waiting' })]) } as const
    expect(inRoom(waiting)).toBe(false)
    expect(roomVerdict(waiting)).toBe('close')
    const inside = { ...waiting, mediation: mediation([seat('me')]) }
    expect(roomVerdict(inside)).toBe('hold')
  })
})

describe('an agreement', () => {
  it('names the clause that is before a party, of this edition', () => {
    const keys = [{}, { 1: true }].map((marks) => progress(agreement(marks), 'me').key)
    expect(keys).toEqual(['1 1', '1 2'])
    expect(progress({ ...agreement({}), edition: 2 }, 'me').key).toBe('2 1')
  })

  it.each([
    [{}, [], 'read', 1],
    [{ 1: true }, [], 'read', 2],
    [{ 1: false }, [], 'read', 2],
    [{ 1: false, 2: true }, [], 'objected', 1],
    [{ 1: true, 2: true }, [], 'sign', null],
    [{ 1: true, 2: true }, ['li'], 'sign', null],
    [{ 1: true, 2: true }, ['me'], 'photo', null],
  ] as const)('after %j and signatures of %j is at "%s"', (marks, signed, stage, number) => {
    const where = progress(agreement(marks, [...signed]), 'me')
    expect([where.stage, where.clause?.number ?? null]).toEqual([stage, number])
  })

  it('asks each signer once for a picture, and nobody who is hidden or whose agreement is sealed', () => {
    const signed = agreement({ 1: true, 2: true }, ['me'])
    const stages = [
      progress({ ...signed, photos: [{ seat_id: 'li', taken: true }] }, 'me'),
      progress({ ...signed, photos: [{ seat_id: 'me', taken: false }] }, 'me'),
      progress(signed, 'me', true),
      progress({ ...signed, sealed_at: '2026-11-21T06:00:00Z' }, 'me'),
    ].map(({ stage }) => stage)
    expect(stages).toEqual(['photo', 'signed', 'signed', 'signed'])
  })
})

describe('a signature', () => {
  it('is not a dot', () => {
    const strokes = new Strokes()
    strokes.begin([0.5, 0.5])
    for (let n = 0; n < 50; n += 1) strokes.extend([0.5, 0.5])
    expect(strokes.enough).toBe(false)
    for (let n = 1; n < 10; n += 1) strokes.extend([0.5, 0.5 + n / 20])
    expect(strokes.enough).toBe(true)
  })

  it('is within the field, and of so many points that the center takes it', () => {
    const field = { left: 100, top: 100, width: 200, height: 100 } as DOMRect
    expect([fractions(50, 150, field), fractions(200, 999, field)]).toEqual([[0, 0.5], [0.5, 1]])
    const strokes = new Strokes()
    for (let n = 0; n < 100; n += 1) {
      strokes.begin([0, n / 100])
      for (let x = 0; x < 100; x += 1) strokes.extend([x / 100, n / 100])
    }
    expect(strokes.lines.length).toBeLessThanOrEqual(60)
    expect(strokes.lines.flat().length).toBeLessThanOrEqual(2800)
  })
})

describe('the picture of a signer', () => {
  it('is as fine as the limit allows', async () => {
    const sizes: Record<number, number> = { 0.9: 500, 0.8: 310, 0.65: 290 }
    const encode = (quality: number) => Promise.resolve(new Blob([new Uint8Array(sizes[quality] ?? 100)]))
    expect((await fitting(encode, 300)).size).toBe(290)
    await expect(fitting(() => encode(0.9), 300)).rejects.toThrow()
  })

  it('has its name from the center, and is asked for again when it did not get through', async () => {
    const sha256 = 'a'.repeat(64)
    const took = () => Promise.resolve(new Response(JSON.stringify({ sha256 })))
    expect(await handOver(new Blob(['x']), took)).toBe(sha256)
    const lost = () => Promise.resolve(new Response('', { status: 502 }))
    await expect(handOver(new Blob(['x']), lost)).rejects.toThrow('502')
  })
})
