/** The places of a browser where something of a visit could stay. */
export interface BrowserStores {
  local: Storage
  session: Storage
  databases: () => Promise<{ name?: string | undefined }[]>
  deleteDatabase: (name: string) => Promise<void>
  caches: CacheStorage | undefined
  cookies: { read: () => string; expire: (name: string) => void }
}

/** Empties every store, then looks again; returns what was really found left, by name. */
export async function wipeStores(stores: BrowserStores): Promise<string[]> {
  stores.local.clear()
  stores.session.clear()
  for (const name of cookieNames(stores)) stores.cookies.expire(name)
  for (const { name } of await stores.databases()) if (name) await stores.deleteDatabase(name)
  for (const name of (await stores.caches?.keys()) ?? []) await stores.caches?.delete(name)
  return leftovers(stores)
}

async function leftovers(stores: BrowserStores): Promise<string[]> {
  const databases = await stores.databases()
  return [
    ...Object.keys(stores.local).map((name) => `localStorage:${name}`),
    ...Object.keys(stores.session).map((name) => `sessionStorage:${name}`),
    ...cookieNames(stores).map((name) => `cookie:${name}`),
    ...databases.map(({ name }) => `indexedDB:${name ?? ''}`),
    ...((await stores.caches?.keys()) ?? []).map((name) => `cache:${name}`),
  ]
}

function cookieNames({ cookies }: BrowserStores): string[] {
  const pairs = cookies.read().split(';')
  return pairs.map((pair) => pair.split('=')[0]?.trim() ?? '').filter((name) => name !== '')
}

export const browserStores = (): BrowserStores => ({
  local: localStorage,
  session: sessionStorage,
  databases: () => indexedDB.databases(),
  deleteDatabase: (name) =>
    new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = request.onerror = request.onblocked = () => resolve()
    }),
  caches: 'caches' in globalThis ? caches : undefined,
  cookies: {
    read: () => document.cookie,
    expire: (name) => {
      document.cookie = `${name}=; Max-Age=0; Path=/`
    },
  },
})
