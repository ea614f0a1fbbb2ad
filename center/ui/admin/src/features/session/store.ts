import { defineSession } from '@jiujin/shared/staff/session'

/** Who is signed in here; lawyers and mediators work at the console. */
export const useSession = defineSession(['supervisor', 'admin'])
