/** The steps of putting a site into service, in the order in which a technician goes through them. */
export const STEPS = {
  unit: 'Le boîtier',
  site: 'Le site',
  enrolment: "L'enrôlement du boîtier",
  cameras: 'Les caméras',
  aim: 'Le cadrage',
  masks: 'Les masques et la zone de route',
  checks: 'Les vérifications',
  photos: "Les photos de l'installation",
  report: 'Le procès-verbal',
} as const satisfies Record<string, string>

export type StepName = keyof typeof STEPS
export const STEP_NAMES = Object.keys(STEPS) as StepName[] // the keys of the line above

export const isStepName = (text: string): text is StepName => Object.hasOwn(STEPS, text)
