/** A set of callbacks; a listener that throws does not keep the others from hearing. */
export class Listeners<Args extends unknown[]> {
  private readonly all = new Set<(...args: Args) => void>()

  /** Returns the function that removes the listener again. */
  add(listener: (...args: Args) => void): () => void {
    this.all.add(listener)
    return () => this.all.delete(listener)
  }

  call(...args: Args): void {
    for (const listener of [...this.all]) {
      try {
        listener(...args)
      } catch (error) {
        console.error(error)
      }
    }
  }
}
