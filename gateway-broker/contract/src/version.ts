/** The version of the wire. It stands in every topic and in every message; WIRE.md says when it changes. */
export const WIRE_VERSION = 1
