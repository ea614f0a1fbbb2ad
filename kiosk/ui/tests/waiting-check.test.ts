import type { LineCheck } from '@jiujin/shared'
import type { LineCheckOptions } from '@jiujin/shared/line-check/check'
import { expect, it } from 'vitest'

import { WaitingCheck } from '../src/features/wait/waiting-check'
import type { KioskState } from '../src/generated/agent'
import { STATE, WAITING } from './state'

const FOUND = { camera: 'ok' } as LineCheck
const stream = {} as MediaStream
const room = { room_id: 'c1', open: false, you: 'kiosk:K01', peers: [], ice_transport_policy: 'all' as const, ice_servers: [{ urls: ['turn:a'], username: 'u', credential: null }] }
const waiting: KioskState = { ...STATE, consultation: WAITING, room }

function checked() {
  const asked: LineCheckOptions[] = []
  const told: LineCheck[] = []
  let finish: () => void = () => undefined
  const check = (options: LineCheckOptions) => {
    asked.push(options)
    return new Promise<LineCheck>((resolve) => (finish = () => resolve(FOUND)))
  }
  return { asked, told, finish: () => finish(), waiting: new WaitingCheck((found) => told.push(found), check) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

it('looks once a visit, silently, as soon as the devices are open', async () => {
  const { asked, told, finish, waiting: check } = checked()
  check.follow(waiting, null)
  expect(asked).toEqual([])
  for (let turn = 0; turn < 3; turn += 1) check.follow(waiting, stream)
  expect(asked).toMatchObject([{ audible: false, path: '/line/data', iceServers: [{ urls: ['turn:a'], username: 'u' }] }])
  finish()
  await settled()
  expect(told).toEqual([FOUND])
})

it('gives way to a call, and does not take for the line what was given up', async () => {
  const { asked, told, finish, waiting: check } = checked()
  check.follow(waiting, stream)
  check.follow({ ...waiting, consultation: { ...WAITING, state: 'offered' } }, stream)
  expect(asked[0]?.signal?.aborted).toBe(true)
  finish()
  await settled()
  expect(told).toEqual([])
})
