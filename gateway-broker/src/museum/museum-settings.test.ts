import { ProblemsError } from '@vigie/config-schema/problems'
import { describe, expect, test } from 'vitest'
import { readMuseumSettings } from './museum-settings.ts'

const env = {
  ...{ SITE: 'musee-salagon', UNIT: 'vg-0101', DATA_FOLDER: 'd', CONSOLE_FOLDER: 'c', CLOUD_URL: 'mqtts://cloud:8883' },
  ...{ CA_FILE: 'a', CERTIFICATE_FILE: 'b', KEY_FILE: 'c', UNIT_CA_FILE: 'a' },
  ...{ UNIT_CERTIFICATE_FILE: 'b', UNIT_KEY_FILE: 'c' },
}

describe('the settings of a museum gateway', () => {
  test('listen on this machine alone, over TLS, unless told otherwise', () => {
    expect(readMuseumSettings({ env })).toMatchObject({ httpHost: '127.0.0.1', httpPort: 8443, httpPlain: false })
  })

  test('take plain HTTP on the loopback address and nowhere else: a pass never crosses a network in the clear', () => {
    expect(readMuseumSettings({ env: { ...env, HTTP_PLAIN: 'true' } }).httpPlain).toBe(true)
    for (const HTTP_HOST of ['0.0.0.0', '::', '192.168.1.4', '127.0.0.1.example.org']) {
      const read = () => readMuseumSettings({ env: { ...env, HTTP_PLAIN: 'true', HTTP_HOST } })
      expect(read).toThrow(ProblemsError)
      expect(read).toThrow(/HTTP_PLAIN/)
    }
  })

  test('name a site and a unit that are none', () => {
    expect(() => readMuseumSettings({ env: { ...env, SITE: 'Salagon!', UNIT: '' } })).toThrow(/UNIT[\s\S]*SITE/)
  })
})
