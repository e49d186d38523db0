import { builtinModules } from 'node:module'
import { dirname, normalize } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { importsOf, isTest, type Source, sources, textOf, type Workspace } from './sources.ts'

/**
 * Who may import whom. Tests may import anything, also those that stand beside the code. The console takes from the
 * contract what a gate decides by, so that a phone which reaches nobody decides as the lanes do. The gateway of a museum is a unit of its site, and keeps its certificates by the
 * unit's own code.
 */
const ARROWS: Record<Workspace, string[]> = {
  'gateway-broker/contract': [],
  'firmware-config/schema': [],
  'edge-agent': ['@vigie/contract', '@vigie/config-schema'],
  'gateway-broker': ['@vigie/contract', '@vigie/config-schema', '@vigie/edge-agent/identity/'],
  'cloud-api': ['@vigie/contract', '@vigie/config-schema'],
  console: ['@vigie/contract/gate/'],
  provisioning: ['@vigie/contract', '@vigie/config-schema'],
  tests: ['@vigie/'],
}

const ours = sources().filter((source) => !isTest(source) && source.workspace !== 'tests')
const places = (found: { path: string; name: string }[]) => found.map(({ path, name }) => `${path} → ${name}`)
const each = (of: Source[]) => of.flatMap((source) => importsOf(source).map((name) => ({ ...source, name })))

describe('imports', () => {
  test('cross from one workspace to another only along the arrows', () => {
    const crossing = each(ours).filter(({ name }) => name.startsWith('@vigie/'))
    expect(crossing.length).toBeGreaterThan(10)
    const wrong = crossing.filter(
      ({ name, workspace }) => !ARROWS[workspace].some((allowed) => name.startsWith(allowed)),
    )
    expect(places(wrong)).toEqual([])
  })

  test('by path stay within their workspace', () => {
    const wrong = each(ours).filter(
      ({ name, path, workspace }) =>
        name.startsWith('.') && !normalize(`${dirname(path)}/${name}`).startsWith(`${workspace}/`),
    )
    expect(places(wrong)).toEqual([])
  })

  test('name packages that the workspace declares itself', () => {
    const builtin = new Set(builtinModules)
    const wrong = each(sources()).filter(({ name, path, workspace }) => {
      if (name.startsWith('.') || name.startsWith('/') || name.startsWith('node:') || builtin.has(name)) return false
      const declared = JSON.parse(textOf(`${workspace}/package.json`))
      const shared = JSON.parse(textOf('package.json'))
      const known = { ...declared.dependencies, ...declared.devDependencies }
      const parts = name.split('/')
      const packageName = name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
      const inTest = workspace === 'tests' || /\.test\.tsx?$/.test(path) || /\.config\.ts$/.test(path)
      if (inTest && (packageName.startsWith('@vigie/') || packageName in shared.devDependencies)) return false
      const tests = JSON.parse(textOf('tests/package.json'))
      return !(packageName in known) && !(inTest && packageName in tests.dependencies)
    })
    expect(places(wrong)).toEqual([])
  })
})

describe('the contract', () => {
  test('has one dependency at most', () => {
    const { dependencies } = JSON.parse(textOf('gateway-broker/contract/package.json'))
    expect(Object.keys(dependencies)).toEqual(['typebox'])
  })

  test('does no I/O: of Node it uses nothing but its crypto', () => {
    const used = each(ours.filter(({ workspace }) => workspace === 'gateway-broker/contract'))
      .map(({ name }) => name)
      .filter((name) => name.startsWith('node:'))
    expect([...new Set(used)]).toEqual(['node:crypto'])
  })
})

describe('what a gate decides by', () => {
  test('runs in a browser: it uses nothing of Node, nor what does', () => {
    const gate = ours.filter(({ path }) => path.startsWith('gateway-broker/contract/src/gate/'))
    const reached = new Set(gate.map(({ path }) => path))
    for (const path of reached) {
      const source = ours.find((one) => one.path === path)
      for (const name of source === undefined ? [] : importsOf(source)) {
        if (name.startsWith('.')) reached.add(normalize(`${dirname(path)}/${name}`))
      }
    }
    const used = each(ours.filter(({ path }) => reached.has(path))).filter(({ name }) => name.startsWith('node:'))
    expect(gate.length).toBeGreaterThan(10)
    expect(places(used)).toEqual([])
  })
})
