import type { Payment } from '../api/tickets.ts'
import { HARD, numberInWords } from '../look/wording.ts'

const euros = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** What a visitor pays: "8 €", "7,50 €", "gratuit". */
export const priceInWords = (cents: number): string => (cents === 0 ? 'gratuit' : amountInWords(cents))

/** What is in the till: "1 204,50 €", "0 €". */
export function amountInWords(cents: number): string {
  const text = cents % 100 === 0 ? numberInWords(cents / 100) : euros.format(cents / 100)
  return `${text}${HARD}€`
}

export const PAYMENT_WORDS: Record<Payment, string> = {
  ...{ cash: 'Espèces', card: 'Carte bancaire', cheque: 'Chèque', voucher: 'Bon ou pass', free: 'Gratuit' },
}
/** How something that costs is paid. */
export const PAYMENTS = ['card', 'cash', 'cheque', 'voucher'] as const
