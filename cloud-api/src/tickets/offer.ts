import { MuseumTerms, TicketType } from '@vigie/contract/gate/catalogue'
import { hoursOf } from '@vigie/contract/gate/opening-hours'
import { SiteId } from '@vigie/contract/ids'
import Type from 'typebox'

const Minutes = (description: string) => Type.Integer({ minimum: 5, maximum: 1440, description })

/** A ticket type as it is sold: what gates must know of it, and what the desk must. */
export const OfferedType = Type.Object({
  ...TicketType.properties,
  priceCents: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Of one ticket, taxes included' }),
  days: Type.Integer({ minimum: 1, maximum: 255, description: 'How many civil days it is good for, from the first' }),
  toleranceMin: Type.Integer({
    minimum: 0,
    maximum: 255,
    description: 'Minutes before its slot at which one may enter',
  }),
  mayComeBack: Type.Boolean({ description: 'Who went out may come in again on the same day' }),
  hasCompanion: Type.Boolean({ description: 'One person more goes along free' }),
})
export type OfferedType = Type.Static<typeof OfferedType>

/** Who else sells for a museum, and which of our types its tickets are. */
export const Seller = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  tickets: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 120, description: "The seller's own name of it" }),
      type: Type.Integer({ minimum: 0, maximum: 65_535 }),
    }),
    { maxItems: 64 },
  ),
  api: Type.Optional(
    Type.Object({
      url: Type.String({ pattern: '^https?://[a-z0-9.-]+(:\\d+)?$', description: 'Without a path' }),
      event: Type.String({ pattern: '^[\\w-]{1,40}$' }),
    }),
  ),
})
export type Seller = Type.Static<typeof Seller>

/** A museum as its desk and its gates know it. */
export const OfferedMuseum = Type.Object({
  site: SiteId,
  ...MuseumTerms.properties,
  sellers: Type.Optional(Type.Array(Seller, { maxItems: 8 })),
  slots: Type.Union([
    Type.Null(),
    Type.Object({
      everyMin: Minutes('From one slot to the next'),
      quota: Type.Integer({ minimum: 1, maximum: 10_000 }),
    }),
  ]),
})
export type OfferedMuseum = Type.Static<typeof OfferedMuseum>

/** What the museums sell, as one document (`OFFER_FILE`). */
export const Offer = Type.Object({
  museums: Type.Array(OfferedMuseum, { maxItems: 2 }),
  types: Type.Array(OfferedType, { maxItems: 64 }),
})
export type Offer = Type.Static<typeof Offer>

/** Whether a type is sold at a museum. */
export const isSoldAt = (type: OfferedType, museum: Pick<OfferedMuseum, 'bit'>): boolean =>
  type.isActive && (type.museums & museum.bit) !== 0

/** When the slots of a day begin, in minutes; the last one has an hour or its whole length before the museum closes. */
export function slotStarts(museum: OfferedMuseum, day: number): number[] {
  const { slots } = museum
  if (slots === null) return []
  return hoursOf(museum, day).flatMap(({ from, until }) =>
    Array.from({ length: Math.floor((until - from) / slots.everyMin) }, (_, index) => from + index * slots.everyMin),
  )
}

/** `14:30` */
export const timeOfMinutes = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
