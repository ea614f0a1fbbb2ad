import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import type { Role, Session } from '../generated/center'
import { askJson, HttpError } from '../wire/http.ts'

/** `restoring` also while nothing is known yet; `elsewhere` is for those who work on the other page. */
export type SessionState = 'restoring' | 'unreachable' | 'out' | 'elsewhere' | 'in'

const RETRY_MS = 2000
const PATH = '/api/session'

/** The store of who is signed in, for the page on which staff of the roles `here` work. */
export function defineSession(here: readonly Role[]) {
  return defineStore('session', () => {
    const state = ref<SessionState>('restoring')
    const session = shallowRef<Session | null>(null)
    /** The center ended the session, as opposed to the person. */
    const ended = ref(false)
    const staff = computed(() => session.value?.staff ?? null)
    const isAdmin = computed(() => staff.value?.role === 'admin')

    async function restore(): Promise<void> {
      try {
        enter(await askJson<Session>('GET', PATH))
      } catch (error) {
        if (!(error instanceof HttpError) || error.code !== 'unreachable') return leave(false)
        state.value = 'unreachable'
        window.setTimeout(() => void restore(), RETRY_MS)
      }
    }

    async function login(username: string, password: string): Promise<void> {
      enter(await askJson<Session>('POST', PATH, { username, password }))
    }

    async function logout(): Promise<void> {
      await askJson('DELETE', PATH).catch(() => undefined)
      leave(false)
    }

    /** After failed connections: finds out whether the center still knows this session. */
    async function check(): Promise<void> {
      await askJson<Session>('GET', PATH).catch((error: unknown) => {
        if (error instanceof HttpError && error.code === 'unauthenticated') leave(true)
      })
    }

    function enter(next: Session): void {
      session.value = next
      ended.value = false
      state.value = here.includes(next.staff.role) ? 'in' : 'elsewhere'
    }

    function leave(byCenter: boolean): void {
      session.value = null
      ended.value = byCenter
      state.value = 'out'
    }

    return { state, session, staff, isAdmin, ended, restore, login, logout, check, leave }
  })
}

/** The part of the store that the screens before the work need. */
export type SessionStore = ReturnType<ReturnType<typeof defineSession>>
