import { countInWords, HARD, inPrint } from '../look/wording.ts'
import type { Part } from './facts.tsx'

type Admitted = { type: number | null; name: string | null; tickets: number; persons: number }

/** @param unknown what those are called whose type is not known here */
export const admittedPart = (admitted: readonly Admitted[], unknown: string): Part => ({
  title: 'Admis par tarif',
  facts: admitted.map(({ type, name, tickets, persons }) => [
    type === null ? unknown : name === null ? `Tarif n°${HARD}${type}` : inPrint(name),
    `${countInWords(tickets, 'billet', 'billets')}, ${countInWords(persons, 'personne', 'personnes')}`,
  ]),
})
