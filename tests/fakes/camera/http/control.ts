import Type from 'typebox'
import { Value } from 'typebox/value'
import { Misbehaviour } from '../misbehaviour.ts'

const Misbehaviours = Type.Array(Misbehaviour, { maxItems: 16 })

/** The body of `POST /control`: a JSON list of misbehaviours; undefined when it is not. */
export function parseControl(body: Buffer): Misbehaviour[] | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return Value.Check(Misbehaviours, value) ? value : undefined
  } catch {
    return undefined
  }
}
