import Type from 'typebox'

/** Every object of a document is closed: a key that nobody reads is a mistake, and says so. */
export const closed = <Properties extends Type.TProperties>(properties: Properties, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description !== undefined && { description }) })
