/** What the unit calls its software in its birth; a test holds it to package.json. */
export const SOFTWARE = 'edge-agent 0.1.0'

/** It cannot be earlier than this, whatever a clock says. Moved forward with each release. */
export const RELEASED_MS = Date.UTC(2026, 10, 1)
