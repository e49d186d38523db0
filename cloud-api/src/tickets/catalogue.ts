import { createHash } from 'node:crypto'
import type { Catalogue, TicketKey, TicketType } from '@vigie/contract/gate/catalogue'
import { canonicalJson } from '@vigie/contract/gate/chain'
import { civilDayOf, dateOfCivilDay } from '@vigie/contract/gate/civil-time'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Store } from '../store/store.ts'
import type { StoredTicketKey } from '../store/tickets/ticket-keys.ts'
import type { StaffKeyTable } from '../store/tickets/ticket-tables.ts'
import type { OfferedMuseum, OfferedType } from './offer.ts'

type Deps = { store: Pick<Store, 'ticketOffer' | 'ticketKeys'> }
/** What a catalogue says, but for its number and time. */
type Content = Omit<Catalogue, 'version' | 'at'>

/** A ticket that was sold yesterday may be looked at by a gate whose clock is behind. */
const KEPT_AFTER_DAYS = 2

/** The catalogue of each museum as its gates should know it now. A change of what it says makes the next version. */
export async function cataloguesNow({ store }: Deps, now: number): Promise<Catalogue[]> {
  const { ticketOffer, ticketKeys } = store
  const [museums, types, keys, staffKeys] = await Promise.all([
    ticketOffer.museums(),
    ticketOffer.types(),
    ticketKeys.goodOn(civilDayOf(now) - KEPT_AFTER_DAYS),
    ticketKeys.staffKeysGoodAt(now),
  ])
  const catalogues: Catalogue[] = []
  for (const museum of museums) {
    const content = contentOf(museum, { museums, types, keys, staffKeys })
    const digest = createHash('sha256').update(canonicalJson(content)).digest('hex')
    const { version, at } = await ticketOffer.tellCatalogue(museum.site, digest, now)
    catalogues.push({ ...content, version, at: new Date(at).toISOString() })
  }
  return catalogues
}

type Parts = {
  museums: readonly OfferedMuseum[]
  types: readonly OfferedType[]
  keys: readonly StoredTicketKey[]
  staffKeys: readonly StaffKeyTable[]
}

function contentOf(
  { site, slots: _, sellers = [], ...museum }: OfferedMuseum,
  { museums, types, keys, staffKeys }: Parts,
): Content {
  return {
    ...{ v: WIRE_VERSION, kind: 'catalogue', site, museum },
    keys: keys.map(keyTold),
    // Those of the other museum too: a gate says of them where they are good.
    types: types.map(typeTold),
    others: museums.filter((one) => one.bit !== museum.bit).map(({ bit, name }) => ({ bit, name })),
    sellers: sellers.map(({ id }) => id),
    staffKeys: staffKeys.map(({ kid, x, y }) => ({ kid, kty: 'EC', crv: 'P-256', x, y })),
  }
}

const keyTold = ({ id, publicKey, fromDay, untilDay }: StoredTicketKey): TicketKey => ({
  ...{ id, publicKey },
  ...{ from: dateOfCivilDay(fromDay), until: dateOfCivilDay(untilDay) },
})

/** What a gate must know of a type: prices are not its business. */
function typeTold(type: OfferedType): TicketType {
  const { priceCents: _p, days: _d, toleranceMin: _t, mayComeBack: _b, hasCompanion: _c, ...told } = type
  return told
}
