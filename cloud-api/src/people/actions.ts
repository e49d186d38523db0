/** What a person is to Vigie. Somebody may have several roles, each for all sites or for some. */
export const ROLES = ['viewer', 'gate-staff', 'technician', 'supervisor', 'administrator'] as const
export type Role = (typeof ROLES)[number]

/** The one table of what a person may do, by role. Who may not see a thing learns no more of it than that. */
const MAY = {
  'wall.read': ['viewer', 'gate-staff', 'technician', 'supervisor', 'administrator'],
  'unit.read': ['technician', 'supervisor', 'administrator'],
  'claim.make': ['technician', 'administrator'],
  'unit.revoke': ['supervisor', 'administrator'],
  'configuration.read': ['technician', 'supervisor', 'administrator'],
  'configuration.change': ['technician', 'administrator'],
  'command.read': ['gate-staff', 'technician', 'supervisor', 'administrator'],
  /** What harms nobody: a frame now, a probe, a restart. */
  'command.ask': ['technician', 'supervisor', 'administrator'],
  'command.open-lane': ['gate-staff', 'supervisor', 'administrator'],
  /** What lets people in uncounted, or keeps them out: with a reason, and where the site says so by two people. */
  'command.danger': ['supervisor', 'administrator'],
  'ticket.read': ['gate-staff', 'supervisor', 'administrator'],
  'ticket.sell': ['gate-staff', 'supervisor', 'administrator'],
  'ticket.cancel': ['gate-staff', 'supervisor', 'administrator'],
  /** Makes a ticket that lets nobody in, to see whether a lane reads it. */
  'ticket.try': ['technician', 'supervisor', 'administrator'],
  /** Takes another seller's tickets in, and leafs through what was sold. */
  'ticket.import': ['supervisor', 'administrator'],
  'gate.read': ['gate-staff', 'supervisor', 'administrator'],
  'gate.resolve': ['gate-staff', 'supervisor', 'administrator'],
  /** A pass for one's own phone at the gate. */
  'gate.pass': ['gate-staff', 'supervisor', 'administrator'],
  'site.commission': ['technician', 'administrator'],
  'people.manage': ['administrator'],
  'audit.read': ['supervisor', 'administrator'],
  /** Says that an alarm was seen: it leaves the walls of all. */
  'alarm.acknowledge': ['supervisor', 'administrator'],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof MAY

export const ACTIONS = Object.keys(MAY) as Action[] // its own keys

export const mayDo = (action: Action, role: Role): boolean => (MAY[action] as readonly Role[]).includes(role)

/** Roles that a stolen password must not be enough for: they need a second factor. */
export const NEEDS_SECOND_FACTOR: readonly Role[] = ['administrator']

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What a request to this route does. `public`: everybody may; `own-account`: whoever is signed in, also one who
     * must first get a second factor; `nothing`: whatever is asked is refused. Without one, a route of the API does not
     * start.
     */
    action?: Action | 'public' | 'own-account' | 'nothing'
    /** The path parameter that names the site, where the right to a route is by site. */
    site?: string
    /** The member of the body that names the site, where the path has none. */
    siteInBody?: string
    /** Finds the site of what the path names by an id of its own; undefined: there is no such thing, the route says so. */
    findSite?: (request: FastifyRequest) => Promise<string | undefined>
    /** Who was last sure to be there more than ten minutes ago must confirm it first (`POST /session/confirmation`). */
    isSensitive?: boolean
  }
}
