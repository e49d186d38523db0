import { expect, test } from 'vitest'
import { isTest, sources } from './sources.ts'

const ours = sources().filter(
  (source) => !isTest(source) && source.workspace !== 'tests' && source.workspace !== 'console',
)

/**
 * Who opens sockets, or lets them in, by node:net, node:tls or a library that leaves them as the kernel gives them. Those of
 * node:http and node:https have no delay since Node 18.
 */
const opens = /\b(connect|connectTcp|connectTls|createConnection|createServer|mqtt\.connect)\(/
const bySockets = /import \{[^}]*\b(connect|createConnection|createServer)\b[^}]*\} from 'node:(net|tls)'|from 'mqtt'/

test('every TCP connection sends small packets at once: TCP_NODELAY is set where it is opened', () => {
  const openers = ours.filter(({ text }) => bySockets.test(text) && opens.test(text.replaceAll(/^import.*$/gm, '')))
  expect(openers.map(({ path }) => path)).toContain('gateway-broker/src/broker.ts')
  expect(openers.length).toBeGreaterThan(5)
  const without = openers.filter(({ text }) => !/\bnoDelay: true\b|\.setNoDelay\(true\)/.test(text))
  expect(without.map(({ path }) => path)).toEqual([])
})
