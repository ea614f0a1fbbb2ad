import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import type { Session } from '@jiujin/shared'

import { ApiError, currentSession, login as postLogin, logout as deleteSession } from './api.ts'

export type SessionState = 'restoring' | 'unreachable' | 'out' | 'in'

const RETRY_MS = 2000

export const useSession = defineStore('session', () => {
  const state = ref<SessionState>('restoring')
  const session = shallowRef<Session | null>(null)
  /** The center ended the session, as opposed to the person. */
  const ended = ref(false)
  const staff = computed(() => session.value?.staff ?? null)

  async function restore(): Promise<void> {
    try {
      enter(await currentSession())
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unreachable') return leave(false)
      state.value = 'unreachable'
      window.setTimeout(() => void restore(), RETRY_MS)
    }
  }

  async function login(username: string, password: string): Promise<void> {
    enter(await postLogin(username, password))
  }

  async function logout(): Promise<void> {
    await deleteSession().catch(() => undefined)
    leave(false)
  }

  /** After failed connections: finds out whether the center still knows this session. */
  async function check(): Promise<void> {
    await currentSession().catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'unauthenticated') leave(true)
    })
  }

  function enter(next: Session): void {
    session.value = next
    ended.value = false
    state.value = 'in'
  }

  function leave(byCenter: boolean): void {
    session.value = null
    ended.value = byCenter
    state.value = 'out'
  }

  return { state, session, staff, ended, restore, login, logout, check, leave }
})
