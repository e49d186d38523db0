/** While a card is pointed at or has the focus, its marker on the map stands out. */
export function followOnMap(page: Document): void {
  const markerOf = (target: EventTarget | null) => {
    const site = target instanceof Element ? target.closest<HTMLElement>('[data-site]')?.dataset['site'] : undefined
    return site === undefined ? null : page.querySelector(`[data-marker="${site}"]`)
  }
  const mark = (isNear: boolean) => (event: Event) => markerOf(event.target)?.classList.toggle('is-near', isNear)
  for (const type of ['pointerover', 'focusin']) page.addEventListener(type, mark(true))
  for (const type of ['pointerout', 'focusout']) page.addEventListener(type, mark(false))
}
