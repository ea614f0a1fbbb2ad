import { createRouter, createWebHistory } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Closed to supervisors; the center refuses them too. */
    forAdmin?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory('/admin/'),
  routes: [
    { path: '/', name: 'hall', component: () => import('./features/hall/HallPage.vue') },
    {
      path: '/usage',
      children: [
        { path: '', name: 'usage', component: () => import('./features/usage/UsagePage.vue') },
        { path: 'mediations', name: 'mediations', component: () => import('./features/usage/MediationsPage.vue') },
      ],
    },
    { path: '/fleet', name: 'fleet', component: () => import('./features/fleet/FleetPage.vue') },
    {
      path: '/staff',
      name: 'staff',
      meta: { forAdmin: true },
      component: () => import('./features/staff/StaffPage.vue'),
    },
    {
      path: '/audit',
      name: 'audit',
      meta: { forAdmin: true },
      component: () => import('./features/audit/AuditPage.vue'),
    },
    { path: '/:anything(.*)*', redirect: { name: 'hall' } },
  ],
})
