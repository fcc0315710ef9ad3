/** Values by branch and a key of each branch's own: no key has to be made of both to look one up. */
export class BranchMap<Key, Value> {
  readonly #branches = new Map<number, Map<Key, Value>>();

  get(branch: number, key: Key): Value | undefined {
    return this.#branches.get(branch)?.get(key);
  }

  has(branch: number, key: Key): boolean {
    return this.#branches.get(branch)?.has(key) === true;
  }

  set(branch: number, key: Key, value: Value): void {
    const values = this.#branches.get(branch);
    if (values === undefined) this.#branches.set(branch, new Map([[key, value]]));
    else values.set(key, value);
  }

  /** Those of all branches. */
  *values(): Generator<Value, void, undefined> {
    for (const values of this.#branches.values()) yield* values.values();
  }
}
