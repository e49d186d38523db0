const NEEDED = [20, 19]

/** Ends the process with one clear sentence when Node is too old for Vigie. Node 20 does; 24 is recommended. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return
  console.error(`Vigie needs Node ${NEEDED.join('.')} or later (24 is recommended); this is ${process.versions.node}.`)
  process.exit(1)
}
