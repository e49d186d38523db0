import Type from 'typebox'
import { closed } from '../closed.ts'
import { cameraParts, presetParts } from '../site-document.ts'

/** A password in one of the two forms in which it may lie or travel; never in clear. */
const accessOf = <Password extends Type.TSchema>(password: Password) =>
  closed(
    {
      url: Type.String({
        pattern: '^https?://[^\\s@]+$',
        maxLength: 400,
        description:
          "The camera's ONVIF device service: http://192.0.2.7/onvif/device_service. Without a path, that one",
      }),
      user: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'Absent: it asks for no login' })),
      password: Type.Optional(password),
      fingerprint: Type.Optional(
        Type.String({
          pattern: '^[0-9a-fA-F:]{64,95}$',
          description: "With https: SHA-256 of the camera's own certificate, in hexadecimal",
        }),
      ),
      authority: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 4_000,
          description: 'With https: the authority that is believed, in PEM',
        }),
      ),
    },
    'How the camera is reached. Absent: as the settings of the unit say',
  )

const camerasOf = <Password extends Type.TSchema>(password: Password) =>
  closed(
    {
      cameras: Type.Array(
        closed({
          ...cameraParts,
          presets: Type.Array(closed(presetParts, 'One view of a camera'), { minItems: 1, maxItems: 16 }),
          access: Type.Optional(accessOf(password)),
        }),
        { maxItems: 8, description: 'Empty where none stands' },
      ),
    },
    'The cameras, and how they are reached',
  )

/** As the unit gets it: the password is sealed to its key. */
export const CamerasDocument = camerasOf(
  Type.String({
    pattern: '^[\\w-]+\\.[\\w-]*\\.[\\w-]+\\.[\\w-]+\\.[\\w-]+$',
    maxLength: 2_000,
    description: "Sealed to the unit's key: a JWE in its compact form (ECDH-ES, A256GCM)",
  }),
)
export type CamerasDocument = Type.Static<typeof CamerasDocument>

/** As the cloud keeps it: the password is sealed to the vault. */
export const StoredCamerasDocument = camerasOf(
  Type.String({ pattern: '^vault:[\\w-]{1,1000}$', description: 'Sealed to the vault of the cloud' }),
)
export type StoredCamerasDocument = Type.Static<typeof StoredCamerasDocument>

/** As a person hands it in: a new password, or `true` for the one that is there. */
export const EnteredCamerasDocument = camerasOf(
  Type.Union([Type.Literal(true), Type.String({ minLength: 1, maxLength: 200 })], {
    description: 'A new password; true: the one that is there stays',
  }),
)
export type EnteredCamerasDocument = Type.Static<typeof EnteredCamerasDocument>

/** As it is given to anybody who reads it: whether there is a password. */
export const ShownCamerasDocument = camerasOf(Type.Literal(true, { description: 'There is one' }))
export type ShownCamerasDocument = Type.Static<typeof ShownCamerasDocument>
