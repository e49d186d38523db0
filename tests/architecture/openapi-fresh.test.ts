import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeApi as describeCloud } from '@vigie/cloud-api/http/describe-api'
import { describeApi as describeMuseum } from '@vigie/gateway-broker/museum/http/describe-api'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const APIS = [
  { name: 'the cloud', workspace: 'cloud-api', client: 'openapi', describeApi: describeCloud },
  { name: 'the museum gateway', workspace: 'gateway-broker', client: 'museum-gateway', describeApi: describeMuseum },
]

describe.each(APIS)('the description of the API of $name', ({ workspace, client, describeApi }) => {
  const anew = `npm run generate -w @vigie/${workspace} makes both anew`

  test('is the one that the routes give', async () => {
    expect(readFileSync(`${root}${workspace}/openapi.json`, 'utf8'), anew).toBe(await describeApi())
  })

  test("is the one that the console's client was made from", () => {
    const made = execFileSync(
      process.execPath,
      ['node_modules/openapi-typescript/bin/cli.js', `${workspace}/openapi.json`],
      { cwd: root, encoding: 'utf8' },
    )
    expect(readFileSync(`${root}console/src/api/generated/${client}.ts`, 'utf8'), anew).toBe(made)
    // It loads the whole compiler: 2 s alone, 10 s beside other tests.
  }, 60_000)

  test('names every operation, and refers to nothing that is not in it', async () => {
    const text = await describeApi()
    const { paths, components } = JSON.parse(text)
    for (const [path, methods] of Object.entries<Record<string, { operationId?: string }>>(paths)) {
      for (const [method, { operationId }] of Object.entries(methods))
        expect(operationId, `${method} ${path}`).toBeDefined()
    }
    const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, reference = '']) => reference)
    expect(references.length).toBeGreaterThan(20)
    for (const reference of references) {
      expect(Object.keys(components.schemas)).toContain(reference.replace('#/components/schemas/', ''))
    }
  })
})
