const UNITS = [
  ['j', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** A duration in its two greatest units: "2 h 3 min". */
export function durationText(ms: number): string {
  let left = Math.round(Math.abs(ms) / 1000)
  const parts: string[] = []
  for (const [name, seconds] of UNITS) {
    const count = Math.floor(left / seconds)
    left -= count * seconds
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.slice(0, 2).join(' ') || '0 s'
}

/** What a camera's clock does against ours. Told to about a second, so two of them are none. */
export function clockText(offsetMs: number | null): string {
  if (offsetMs === null) return "elle ne dit pas l'heure"
  if (Math.abs(offsetMs) <= 2_000) return "à l'heure"
  return `${durationText(offsetMs)} ${offsetMs > 0 ? "d'avance" : 'de retard'}`
}

/** "215 ko". */
export function sizeText(bytes: number): string {
  return bytes < 1000 ? `${bytes} octets` : `${Math.round(bytes / 1000)} ko`
}
