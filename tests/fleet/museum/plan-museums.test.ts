import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOffer } from '@vigie/cloud-api/tickets/read-offer'
import { readFleet } from '@vigie/config-schema/documents'
import { unitsOf } from '@vigie/config-schema/units-of'
import { describe, expect, test } from 'vitest'
import { placesOf } from '../places.ts'
import { customsOf } from './customs.ts'
import { gatewayBoxes, laneBoxes, readMuseums, writeMuseumDocuments, writeOffer } from './museum-documents.ts'
import { museumPortCount, planMuseums } from './plan-museums.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'vigie-museums-'))
const places = placesOf(folder())
const museums = readMuseums(places.referenceMuseums, ['musee-salagon', 'musee-prehistoire'])

describe('the museums of a simulated fleet', () => {
  test('have two tripods and a wicket each, a box for each, and none that two share', () => {
    const plan = planMuseums(museums, 9_000)
    expect(plan.map(({ gates }) => gates.map(({ lane }) => lane.kind))).toEqual([
      ['tripod', 'tripod', 'wide'],
      ['tripod', 'tripod', 'wide'],
    ])
    const boxes = [...gatewayBoxes(plan), ...laneBoxes(plan)].map(({ unit }) => unit)
    expect(boxes.toSorted()).toEqual(museums.flatMap(unitsOf).toSorted())
    expect(new Set(boxes).size).toBe(8)
  })

  test('have every port once, in their documents as in the plan', () => {
    const plan = planMuseums(museums, 9_000)
    writeMuseumDocuments(places.museums, plan)
    const inDocuments = JSON.stringify(readFleet(places.museums)).match(/(?<=127\.0\.0\.1:)\d+/g) ?? []
    const inPlan = plan.flatMap(({ ports, gates }) => [
      ports.broker,
      ...gates.flatMap(({ board, reader, exitReader }) => [
        board,
        reader,
        ...(exitReader === null ? [] : [exitReader]),
      ]),
    ])
    expect(inDocuments.map(Number).toSorted()).toEqual(inPlan.toSorted())
    expect(new Set(inPlan).size).toBe(inPlan.length)
    expect(Math.max(...inPlan)).toBeLessThan(9_000 + museumPortCount(museums))
  })

  test('leave their gates to whoever stands in for them, and nobody visits those', () => {
    const [plan] = planMuseums(museums, 9_000, (lane) => ({ ...lane, label: 'mine' }))
    expect(plan?.gates).toEqual([])
    expect(plan?.document.lanes?.map(({ label }) => label)).toEqual(['mine', 'mine', 'mine'])
  })

  test('are open day and night, and visitors come with types that are on offer', () => {
    writeOffer(places.referenceOffer, places.offer)
    const offer = readOffer(readFileSync(places.offer, 'utf8'))
    expect(offer.museums.every(({ opening, closedDays }) => opening.length === 1 && closedDays.length === 0)).toBe(true)
    const numbers = offer.types.map(({ number }) => number)
    const customs = customsOf(planMuseums(museums, 9_000))
    expect(customs).toHaveLength(2)
    for (const { types, elsewhere } of customs) expect(numbers).toEqual(expect.arrayContaining([...types, elsewhere]))
  })
})
