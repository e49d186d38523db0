import type { Role, RoleAtSites } from '../api/people.ts'

/** The roles in French, with what each is for; the words of the glossary. */
export const ROLE_WORDS: Record<Role, { name: string; what: string }> = {
  viewer: { name: 'lecteur', what: 'regarde le mur de veille' },
  'gate-staff': { name: 'agent d’accueil', what: 'ouvre un passage, suit les entrées' },
  technician: { name: 'technicien', what: 'pose, règle et remplace les boîtiers' },
  supervisor: { name: 'superviseur', what: 'décide, révoque, lit le journal' },
  administrator: { name: 'administrateur', what: 'fait tout, et gère les personnes' },
}

/** A role with where it holds: `technicien, 2 sites`. */
export function roleInWords({ role, sites }: RoleAtSites, nameOf: (site: string) => string = (site) => site): string {
  const { name } = ROLE_WORDS[role]
  if (sites === 'all') return `${name}, tous les sites`
  return sites.length <= 2 ? `${name}, ${sites.map(nameOf).join(' et ')}` : `${name}, ${sites.length} sites`
}
