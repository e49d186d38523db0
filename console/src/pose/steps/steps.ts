/** The technician's way, in its order; the cloud knows the steps by these names. */
export const STEPS = ['unit', 'site', 'enrolment', 'cameras', 'aim', 'masks', 'checks', 'photos', 'report'] as const
export type Step = (typeof STEPS)[number]

/** Each step's title, and the one thing that is done there. */
export const STEP_WORDS: Record<Step, { title: string; task: string }> = {
  unit: { title: 'Boîtier', task: 'Lire l’étiquette du boîtier' },
  site: { title: 'Site', task: 'Choisir le site' },
  enrolment: { title: 'Raccordement', task: 'Attendre que le boîtier se présente' },
  cameras: { title: 'Caméras', task: 'Choisir les caméras' },
  aim: { title: 'Cadrage', task: 'Orienter chaque caméra' },
  masks: { title: 'Masques', task: 'Cacher ce qui ne doit pas être vu' },
  checks: { title: 'Vérifications', task: 'Vérifier que tout marche' },
  photos: { title: 'Photos', task: 'Photographier l’installation' },
  report: { title: 'Procès-verbal', task: 'Signer la mise en service' },
}

export const stepAfter = (step: Step): Step | null => STEPS[STEPS.indexOf(step) + 1] ?? null

/** Steps are done in order, but one that is done can be looked at again; the next is open once all before it are done. */
export function openSteps(done: ReadonlySet<Step>): Step[] {
  const next = STEPS.find((step) => !done.has(step))
  return STEPS.filter((step) => done.has(step) || step === next)
}
