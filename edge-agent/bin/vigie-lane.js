#!/usr/bin/env node
import { existsSync } from 'node:fs'

const program = new URL('../dist/lane-main.js', import.meta.url)
if (existsSync(program)) await import(program.href)
else {
  console.error('Vigie n’est pas encore construit : lancer « npm run build » à la racine du dépôt.')
  process.exitCode = 69
}
