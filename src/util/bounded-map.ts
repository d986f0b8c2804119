/** Collections that strangers can add to, and that therefore must not grow without limit. */

/** A `Map` that drops its oldest entry when it exceeds its limit. Setting a key makes it the newest. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #limit: number;

  /** @param limit entries kept, at least 1 */
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    dropOldest(this, this.#limit);
    return this;
  }
}

/** A `Set` that drops its oldest entry when it exceeds its limit. Adding an entry again makes it the newest. */
export class BoundedSet<T> extends Set<T> {
  readonly #limit: number;

  /** @param limit entries kept, at least 1 */
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override add(entry: T): this {
    this.delete(entry);
    super.add(entry);
    dropOldest(this, this.#limit);
    return this;
  }
}

function dropOldest<K>(
  entries: { readonly size: number; keys(): Iterator<K>; delete(key: K): boolean },
  limit: number,
): void {
  if (entries.size <= limit) return;
  const oldest = entries.keys().next();
  if (oldest.done !== true) entries.delete(oldest.value);
}
