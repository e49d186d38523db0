import Type from 'typebox'

/** What a frame and the word that a view has not changed both say of their view's plan. */
export const seenView = {
  /**
   * Seconds from this capture to the next planned one, as the schedule in force was (night, winter, watched closely);
   * absent: the interval of the site document. Freshness is judged by it.
   */
  intervalS: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
}
