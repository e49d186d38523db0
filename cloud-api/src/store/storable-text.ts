/** PostgreSQL stores no NUL in a text, nor half a surrogate pair: what is hashed or given back is what was stored. */
export const storableText = (text: string): string => Buffer.from(text.replaceAll('\0', '\uFFFD')).toString()
