/** What many answers have in common, as it is sent: made once for all of them, as long as somebody has the list. */
export class OncePerList<Sent> {
  readonly #made = new WeakMap<readonly unknown[], Sent>()

  /** @param list one that does not change: what is made of it is remembered under it */
  of(list: readonly unknown[], make: () => Sent): Sent {
    const known = this.#made.get(list)
    if (known !== undefined) return known
    const made = make()
    this.#made.set(list, made)
    return made
  }
}
