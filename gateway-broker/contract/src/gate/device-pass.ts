import Type from 'typebox'
import { UtcTime } from '../envelope.ts'
import { ItemId, SiteId } from '../ids.ts'
import { WIRE_VERSION } from '../version.ts'
import { StaffId } from './row.ts'

/** Who may stand at a gate with a phone, in the roles of the cloud. */
export const GateRole = Type.Union([
  Type.Literal('gate-staff'),
  Type.Literal('supervisor'),
  Type.Literal('administrator'),
])
export type GateRole = Type.Static<typeof GateRole>

/**
 * What a phone or tablet of the staff shows to a museum's gateway, which may have no way to the cloud then. It is the payload
 * of a compact JWS (ES256) whose `kid` names one of the catalogue's `staffKeys`: a pass ends with its time, or with its key.
 */
export const DevicePass = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  kind: Type.Literal('device-pass'),
  id: ItemId,
  site: SiteId,
  staff: StaffId,
  role: GateRole,
  /** When it was made, and until when it opens anything. */
  at: UtcTime,
  until: UtcTime,
})
export type DevicePass = Type.Static<typeof DevicePass>

/** A pass is about 500 characters. Beyond: not read. */
export const DEVICE_PASS_MAX_CHARACTERS = 2_000
