import type { components } from './generated/openapi.ts'

export type Schemas = components['schemas']

/** Names for what the API says; the types themselves are generated from its description. */
export type Freshness = Schemas['Freshness']
export type Preset = Schemas['Preset']
export type Picture = Schemas['Picture']
export type Webcam = Schemas['Webcam']
export type WebcamList = Schemas['WebcamList']
export type WebcamEvent = Schemas['WebcamEvent']
export type PastFrame = Schemas['History']['frames'][number]
export type Wall = Schemas['Wall']
export type WallSite = Schemas['WallSite']
export type Command = Schemas['Command']
export type CommandBody = Schemas['CommandBody']
export type CommandResult = Schemas['CommandResult']
export type CommandWish = Schemas['CommandWish']
export type Series = Schemas['Series']
export type Reading = Series['readings'][number]
export type PlannedSites = Schemas['PlannedSites']
export type PlannedSite = Schemas['PlannedSite']
export type FleetUnits = Schemas['FleetUnits']
export type FleetUnit = Schemas['FleetUnit']
export type CertifiedUnit = Schemas['CertifiedUnit']
export type RevocationReason = NonNullable<CertifiedUnit['certificates'][number]['reason']>
export type Claim = Schemas['Claim']
export type AuditLine = Schemas['AuditLine']
export type TestTicket = Schemas['TestTicket']
