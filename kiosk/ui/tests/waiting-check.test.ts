import type { LineCheck } from '@jiujin/shared'
import type { LineCheckOptions } from '@jiujin/shared/line-check/check'
import { expect, it } from 'vitest'

import { NO_DEVICES } from '../src/features/call/face-camera'
import { WaitingCheck } from '../src/features/wait/waiting-check'
import type { KioskState } from '../src/generated/agent'
import { STATE, WAITING } from './state'

const FOUND = { camera: 'ok' } as LineCheck
const open = { stream: {} as MediaStream, camera: true, microphone: true }
const room = { room_id: 'c1', open: false, you: 'kiosk:K01', your_session: null, peers: [], ice_transport_policy: 'all' as const, ice_servers: [{ urls: ['turn:a'], username: 'u', credential: null }] }
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
  check.follow(waiting, NO_DEVICES)
  expect(asked).toEqual([])
  for (let turn = 0; turn < 3; turn += 1) check.follow(waiting, open)
  expect(asked).toMatchObject([{ audible: false, path: '/line/data', iceServers: [{ urls: ['turn:a'], username: 'u' }] }])
  finish()
  await settled()
  expect(told).toEqual([FOUND])
})

it('looks at the line of a machine without devices too', () => {
  const { asked, waiting: check } = checked()
  check.follow(waiting, { stream: null, camera: false, microphone: false })
  expect(asked).toMatchObject([{ stream: null }])
})

it('gives way to a call, and does not take for the line what was given up', async () => {
  const { asked, told, finish, waiting: check } = checked()
  check.follow(waiting, open)
  check.follow({ ...waiting, consultation: { ...WAITING, state: 'offered' } }, open)
  expect(asked[0]?.signal?.aborted).toBe(true)
  finish()
  await settled()
  expect(told).toEqual([])
})
