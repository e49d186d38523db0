/** Numbers as a French reader expects them in a report: "12,5", "1 280". */
const plain = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 })

// PDF fonts and terminals know the no-break space; the narrow one of French grouping they may not.
export const number = (value: number): string => plain.format(value).replaceAll('\u202f', '\u00a0')

export const bytes = (value: number): string => {
  if (value >= 1e9) return `${number(value / 1e9)} Go`
  if (value >= 1e6) return `${number(value / 1e6)} Mo`
  return `${number(value / 1e3)} ko`
}

export const seconds = (ms: number): string => (ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000)} s`)

/** "12 min 05 s": how long a step or a check took. */
export function lasting(ms: number): string {
  const total = Math.round(ms / 1000)
  if (total < 60) return `${total} s`
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)]
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`
  return `${minutes} min ${String(total % 60).padStart(2, '0')} s`
}

const moment = new Intl.DateTimeFormat('fr-FR', {
  dateStyle: 'long',
  timeStyle: 'medium',
  timeZone: 'Europe/Paris',
})
export const momentOf = (ms: number): string => moment.format(ms).replaceAll('\u202f', '\u00a0')

const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' })
export const dayOf = (ms: number): string => day.format(ms).replaceAll('\u202f', '\u00a0')
