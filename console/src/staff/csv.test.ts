import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('a report opens in a spreadsheet, with its accents, semicolons and quotes as they were', () => {
  expect(
    csvOf([
      ['Entrées', '12'],
      ['Motif', 'dit « oui »; puis "non"'],
    ]),
  ).toBe('\ufeffEntrées;12\r\nMotif;"dit « oui »; puis ""non"""\r\n')
})

test('what begins like a formula is not reckoned with', () => {
  expect(csvOf([['=HYPERLINK("http://x")', '-2+3']])).toBe(`\ufeff"'=HYPERLINK(""http://x"")";'-2+3\r\n`)
})
