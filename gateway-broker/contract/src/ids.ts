import Type from 'typebox'

/** Marks a string that has been checked, so that a camera's id cannot be passed where a site's id is meant. */
declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A place: a road site or a museum. Lower case, digits and hyphens: `col-d-allos`. */
export type SiteId = Branded<'site'>
/** A box. Printed on its label: `vg-0001`. */
export type UnitId = Branded<'unit'>
/** A camera of a site; no hyphen, so that `<site>-<camera>` names one camera of the fleet: `cam1`. */
export type CameraId = Branded<'camera'>
/** A way through for people, with its reader and its board: `tripod1`. */
export type LaneId = Branded<'lane'>
/** One view of a camera: `amont`. */
export type PresetId = Branded<'preset'>
/** The id of one item (a frame, a state, ...): a ULID made at its source. The cloud stores each id once. */
export type ItemId = Branded<'item'>
/** Made anew each time a unit's agent starts: a ULID. Monotonic times compare only within one boot. */
export type BootId = Branded<'boot'>
/** Made anew by the kernel each time the machine starts, whatever agents run then. */
export type MachineBootId = Branded<'machine-boot'>
/** The first 16 hexadecimal digits of the SHA-256 of a public key (its SubjectPublicKeyInfo in DER). */
export type KeyId = Branded<'key'>

const SITE = '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$'
const UNIT = '^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$'
const CAMERA = '^[a-z][a-z0-9]{0,15}$'
const LANE = CAMERA
const PRESET = '^[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?$'
const ULID = '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'
const KEY = '^[0-9a-f]{16}$'
const MACHINE_BOOT = '^[0-9A-Za-z-]{16,40}$'

export const SiteId = Type.Unsafe<SiteId>(Type.String({ pattern: SITE }))
export const UnitId = Type.Unsafe<UnitId>(Type.String({ pattern: UNIT }))
export const CameraId = Type.Unsafe<CameraId>(Type.String({ pattern: CAMERA }))
export const LaneId = Type.Unsafe<LaneId>(Type.String({ pattern: LANE }))
export const PresetId = Type.Unsafe<PresetId>(Type.String({ pattern: PRESET }))
export const ItemId = Type.Unsafe<ItemId>(Type.String({ pattern: ULID }))
export const BootId = Type.Unsafe<BootId>(Type.String({ pattern: ULID }))
export const MachineBootId = Type.Unsafe<MachineBootId>(Type.String({ pattern: MACHINE_BOOT }))
export const KeyId = Type.Unsafe<KeyId>(Type.String({ pattern: KEY }))

function matcher<Id extends string>(pattern: string): (text: string) => text is Id {
  const expression = new RegExp(pattern)
  return (text): text is Id => expression.test(text)
}

export const isSiteId = matcher<SiteId>(SITE)
export const isUnitId = matcher<UnitId>(UNIT)
export const isCameraId = matcher<CameraId>(CAMERA)
export const isPresetId = matcher<PresetId>(PRESET)
export const isItemId = matcher<ItemId>(ULID)
