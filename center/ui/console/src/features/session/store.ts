import { defineSession } from '@jiujin/shared/staff/session'

/** Who is signed in at this console; supervisors and administrators work on the other page. */
export const useSession = defineSession(['lawyer', 'mediator'])
