/** Has the browser keep the page for when there is no network. Where it cannot, the page works as long as it is open. */
export function keepShell({ serviceWorker }: Pick<Navigator, 'serviceWorker'>): void {
  // Absent where the page is not in a secure context.
  if (serviceWorker === undefined) return
  serviceWorker.register('/pose/service-worker.js', { scope: '/pose', type: 'module' }).catch(() => {})
}
