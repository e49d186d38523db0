import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, textOf, trackedFiles, WORKSPACES } from './sources.ts'

const files = trackedFiles()
const documents = files.filter((path) => path.endsWith('.md'))

/** What looks like a path in a Markdown text: code spans and link targets that hold a slash or end like a file. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
  // A pattern in a code span may look like a link.
  const links = [...text.replaceAll(/`[^`\n]+`/g, '').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link)
  const isPath = (span: string) =>
    /^[\w./-]+$/.test(span) &&
    (/\.(ts|tsx|mjs|js|json|md|css|html|service|png|svg|txt|pem|bin|geojson)$/.test(span) ||
      /^[\w-]+(\/[\w.-]+)*\/$/.test(span))
  const isPlace = (link: string) => !/^[a-z]+:/.test(link)
  return [...spans.filter(isPath), ...links.filter(isPlace)]
}

describe('documents', () => {
  test('name only paths that exist', () => {
    const made = /^(data|dist|captures)\/|\/dist\/|^dist/
    const missing = documents.flatMap((document) =>
      pathsIn(textOf(document))
        .filter((path) => !path.startsWith('/') && !made.test(path))
        .filter((path) => !existsSync(join(root, dirname(document), path)) && !existsSync(join(root, path)))
        .map((path) => `${document}: ${path}`),
    )
    expect(missing).toEqual([])
  })

  test('stand where a reader looks: one README for each part', () => {
    const parts = WORKSPACES.filter((workspace) => files.some((path) => path.startsWith(`${workspace}/`)))
    for (const part of [...parts, 'firmware-config']) expect(files).toContain(`${part}/README.md`)
    for (const name of ['README.md', 'GLOSSARY.md', 'PRINCIPLES.md', 'LICENSE']) expect(files).toContain(name)
  })
})

describe('what is committed', () => {
  test('pins exact versions, and the lockfile holds no address of a registry', () => {
    for (const path of files.filter((name) => name.endsWith('package.json'))) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(textOf(path))
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        expect(`${path} ${name} ${version}`).toMatch(/ (npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/)
      }
    }
    expect(textOf('package-lock.json')).not.toMatch(/"resolved": "https?:/)
  })

  const isText = (path: string) => !/\.(png|jpg|bin|woff2?)$/.test(path)

  test('holds nothing that a merge left open', () => {
    expect(files.filter((path) => isText(path) && /^(<{7}|>{7}) /m.test(textOf(path)))).toEqual([])
  })

  test('holds no private key', () => {
    const withKey = files.filter(
      (path) => isText(path) && /-----BEGIN (EC |RSA )?PRIVATE KEY-----\n[A-Za-z0-9+/]{20}/.test(textOf(path)),
    )
    expect(withKey).toEqual([])
  })
})
