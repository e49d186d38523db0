import { type Problem, ProblemsError, problemsOf } from '@vigie/config-schema/problems'
import { Offer } from './offer.ts'

const problemsIn = problemsOf(Offer)

/** Reads what museums sell; throws with every problem by its place, of which a type without a slot to be sold in is one. */
export function readOffer(text: string): Offer {
  const value: unknown = JSON.parse(text)
  const wrong = problemsIn(value)
  if (wrong.length > 0) throw new ProblemsError('The offer has problems', wrong)
  const offer = value as Offer // as was just seen
  const problems = [...twice(offer), ...withoutSlots(offer), ...unknownTypes(offer)]
  if (problems.length > 0) throw new ProblemsError('The offer has problems', problems)
  return offer
}

function twice({ museums, types }: Offer): Problem[] {
  const lists = [
    { place: 'types', names: types.map(({ number }) => `number ${number}`) },
    { place: 'museums', names: museums.flatMap(({ site, bit }) => [site, `bit ${bit}`]) },
  ]
  return lists.flatMap(({ place, names }) =>
    names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => ({ place, message: `${name} stands twice` })),
  )
}

const unknownTypes = ({ museums, types }: Offer): Problem[] =>
  museums.flatMap(({ site, sellers = [] }) =>
    sellers.flatMap(({ id, tickets }) =>
      tickets
        .filter(({ type }) => !types.some(({ number }) => number === type))
        .map(({ type }) => ({ place: `museums.${site}.sellers.${id}`, message: `number ${type} is no type` })),
    ),
  )

const withoutSlots = ({ museums, types }: Offer): Problem[] =>
  types.flatMap(({ slotLengthMin, museums: bits, number }) => {
    const bare = museums.find(({ bit, slots }) => slotLengthMin !== null && (bits & bit) !== 0 && slots === null)
    return bare === undefined ? [] : [{ place: 'types', message: `number ${number}: ${bare.site} has no slots` }]
  })
