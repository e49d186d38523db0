import { expect, test } from 'vitest'
import { labelled, WIDTH, wrap } from './narrow-text.ts'

test('breaks between words, within the width, below the indent', () => {
  const lines = wrap('Vérifier le câble réseau et son alimentation. '.repeat(4), '    ', '  → ')
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.every((line) => line.length <= WIDTH)).toBe(true)
  expect(lines[0]).toMatch(/^ {2}→ V/)
  expect(lines.slice(1).every((line) => /^ {4}\S/.test(line))).toBe(true)
})

test('leaves an address whole, however long', () => {
  const address = `http://192.0.2.7/${'x'.repeat(80)}`
  expect(wrap(`voir ${address} ici`)).toEqual(['voir', address, 'ici'])
})

test('sets a value beside its label, and a question mark for none', () => {
  expect(labelled('Caméra', 'Marque Modèle')).toEqual(['Caméra      Marque Modèle'])
  expect(labelled('Logiciel', '')).toEqual(['Logiciel    ?'])
})
