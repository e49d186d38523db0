/** What a refusal says beyond its status and its sentence. */
export type RefusalMembers = { type?: unknown; retryAfterS?: number | null } & Readonly<Record<string, unknown>>

/** The cloud answered, and not with what was asked for. */
export class Refused extends Error {
  readonly status: number
  /** The name of the problem, as in `urn:vigie:problem:<name>`; empty when it was none of the cloud's own. */
  readonly problem: string
  readonly retryAfterS: number | null
  /** What the problem says beyond its name. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(status: number, detail?: string, members: RefusalMembers = {}) {
    super(detail ?? `status ${status}`)
    this.name = 'Refused'
    this.status = status
    this.problem = typeof members.type === 'string' ? members.type.replace('urn:vigie:problem:', '') : ''
    this.retryAfterS = members.retryAfterS ?? null
    this.members = members
  }
}
