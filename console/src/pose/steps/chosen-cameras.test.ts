import { expect, test } from 'vitest'
import { choose, isNamed, viewsOf } from './chosen-cameras.ts'

const found = (host: string) => ({ url: `http://${host}/onvif/device_service`, model: 'IPC' })
const planned = [
  {
    id: 'cam1',
    presets: [
      { id: 'amont', label: 'vers Allos' },
      { id: 'aval', label: 'vers Barcelonnette' },
    ],
  },
  { id: 'cam3', presets: [{ id: 'col', label: 'le col' }] },
]

test('a camera that is found takes the place of the next that is planned, with its views', () => {
  const first = choose(found('a'), [], planned)
  expect(first).toMatchObject({ id: 'cam1', views: planned[0]?.presets })
  expect(choose(found('b'), [first], planned).id).toBe('cam3')
  expect(viewsOf([first]).map(({ key }) => key)).toEqual(['cam1/amont', 'cam1/aval'])
})

test('beyond the plan it is a new one with one view, which has no name yet', () => {
  const all = [choose(found('a'), [], planned)]
  all.push(choose(found('b'), all, planned))
  const extra = choose(found('c'), all, planned)
  expect(extra).toMatchObject({ id: 'cam2', views: [{ id: 'vue', label: '' }] })
  expect(isNamed(extra)).toBe(false)
})
