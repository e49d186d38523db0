/** A name as it is kept, whatever case and spaces it is typed with. */
export const nameAsKept = (typed: string): string => typed.trim().toLowerCase()
