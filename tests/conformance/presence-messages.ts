/** A unit's presence as its agent writes it. */
export function birth(session: number): string {
  const envelope = { v: 1, id: '01JD0000000000000000000000', unit: 'vg-0001', boot: '01JD0000000000000000000001' }
  const moment = { seq: 0, at: '2026-01-01T00:00:00.000Z', mono: 1, clock: 'synchronised' }
  return JSON.stringify({ ...envelope, ...moment, online: true, session, certificate: '-', software: '1' })
}

export function farewell(session: number): string {
  const envelope = { v: 1, unit: 'vg-0001', boot: '01JD0000000000000000000001' }
  return JSON.stringify({ ...envelope, online: false, session, reason: 'lost' })
}

/** The last will of vg-0001, or of another who claims to be it. */
export const will = (topic: string, payload: string) => ({
  topic,
  payload: Buffer.from(payload),
  qos: 1 as const,
  retain: true,
})
