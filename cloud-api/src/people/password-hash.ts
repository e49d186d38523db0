import { hash, verify } from '@node-rs/argon2'
import { Fault } from '../faults.ts'

/**
 * argon2id as RFC 9106 §4 recommends it where memory is scarce (64 MiB, 3 passes), with one lane instead of four: a
 * sign-in then takes one of the four threads that files and pictures use too. 0.1 to 0.35 s on the machine of 2026.
 */
const ARGON2ID = { algorithm: 2, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const

/** At once: 128 MiB, and two of the four threads. Others stand in line. */
const AT_ONCE = 2
/** In line at most: some 5 s of work. Who comes later is told to come again; a flood costs them time, not us memory. */
const WAITING = 32

export type PasswordHash = {
  make(password: string): Promise<string>
  /** Takes the same time when there is no hash to compare with: an unknown name is not found out by waiting. */
  isRight(password: string, kept: string | null): Promise<boolean>
}

/** Passwords as they are kept. The work is done off the event loop, a bounded number at once. */
export function createPasswordHash(): PasswordHash {
  let running = 0
  const line: (() => void)[] = []
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= AT_ONCE) {
      if (line.length >= WAITING) throw new Fault('sign-in-crowded')
      await new Promise<void>((go) => line.push(go))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
  let nobodys: Promise<string> | undefined
  const hashOfNobody = () => {
    nobodys ??= hash('nobody has this password', ARGON2ID)
    return nobodys
  }
  return {
    make: (password) => inTurn(() => hash(asTyped(password), ARGON2ID)),
    isRight: (password, kept) =>
      inTurn(async () => (await verify(kept ?? (await hashOfNobody()), asTyped(password))) && kept !== null),
  }
}

/** One form for what keyboards of different systems make of the same letters (NIST SP 800-63B §5.1.1.2). */
const asTyped = (password: string) => password.normalize('NFKC')
