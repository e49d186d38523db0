const DAY = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** `samedi 15 août 2026`, of a civil day; the first of a month is « 1er ». */
export const dateInFrench = (day: string): string =>
  DAY.format(new Date(`${day}T12:00:00.000Z`)).replace(/ 1 /, ' 1er ')

const PRICE = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' })

/** `8,00 €`; what costs nothing is « gratuit ». */
export const priceInFrench = (cents: number): string => (cents === 0 ? 'gratuit' : PRICE.format(cents / 100))
