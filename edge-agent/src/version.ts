/** What the unit calls its software in its birth; a test holds it to package.json. */
export const SOFTWARE = 'edge-agent 0.1.0'
