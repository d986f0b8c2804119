/**
 * Replaces functions of the page for a while and puts back exactly what was there: the same property descriptors on the same
 * objects. What another script replaced on top meanwhile is left alone.
 */
interface Patch {
  readonly target: object;
  readonly name: string;
  readonly before: PropertyDescriptor;
  readonly ours: unknown;
}

type Callable = (this: unknown, ...parameters: unknown[]) => unknown;
/** Looks at the receiver and the arguments of a call; throws to refuse it. */
export type Check = (self: unknown, parameters: readonly unknown[]) => void;

export class Patches {
  #applied: Patch[] = [];

  /** Checks before each call of a method. */
  method(target: object | undefined, name: string, check: Check): void {
    this.#replace(target, name, (original) =>
      named(name, function (this: unknown, ...parameters) {
        check(this, parameters);
        return original.apply(this, parameters);
      }),
    );
  }

  /** As {@link method}, for one that returns a promise: a refusal rejects, as callers of such a method expect. */
  promise(target: object | undefined, name: string, check: Check): void {
    this.#replace(target, name, (original) =>
      named(name, function (this: unknown, ...parameters) {
        try {
          check(this, parameters);
        } catch (error: unknown) {
          // Rejected with what the check threw, whatever that is.
          return new Promise((_resolve, reject) => reject(error as Error));
        }
        return original.apply(this, parameters);
      }),
    );
  }

  /** Shows what each call of a method returned. */
  result(target: object | undefined, name: string, use: (self: unknown, returned: unknown) => void): void {
    this.#replace(target, name, (original) =>
      named(name, function (this: unknown, ...parameters) {
        const returned = original.apply(this, parameters);
        use(this, returned);
        return returned;
      }),
    );
  }

  /** Shows what each reading of an accessor returned, before its reader gets it; throws to refuse. */
  getter(from: object | undefined, name: string, use: (self: unknown, value: unknown) => void): void {
    const target = ownerOf(from, name);
    const before = target && Object.getOwnPropertyDescriptor(target, name);
    const original = before?.get;
    if (!target || !before?.configurable || !original) return;
    const get = function (this: unknown): unknown {
      const value: unknown = original.call(this);
      use(this, value);
      return value;
    };
    Object.defineProperty(target, name, { ...before, get });
    this.#applied.push({ target, name, before, ours: get });
  }

  /** Checks the arguments before each `new`; `instanceof` and subclasses go on working. */
  constructorOf(target: object, name: string, check: (parameters: readonly unknown[]) => void): void {
    this.#replace(
      target,
      name,
      (original) =>
        new Proxy(original, {
          construct(constructor, parameters, newTarget): object {
            check(parameters);
            return Reflect.construct(constructor, parameters, newTarget) as object;
          },
        }),
    );
  }

  restore(): void {
    for (const { target, name, before, ours } of this.#applied.toReversed()) {
      const now = Object.getOwnPropertyDescriptor(target, name);
      // A script that replaced ours keeps what it put there: undoing it would break the page.
      if ((now?.get ?? now?.value) === ours) Object.defineProperty(target, name, before);
    }
    this.#applied = [];
  }

  #replace(from: object | undefined, name: string, make: (original: Callable) => unknown): void {
    const target = ownerOf(from, name);
    const before = target && Object.getOwnPropertyDescriptor(target, name);
    if (!target || !before?.configurable || typeof before.value !== 'function') return;
    const ours = make(before.value as Callable);
    Object.defineProperty(target, name, { ...before, value: ours });
    this.#applied.push({ target, name, before, ours });
  }
}

/** Where a property stands: a page may have put a class of its own before the browser's. */
function ownerOf(target: object | undefined, name: string): object | undefined {
  for (let at: object | null = target ?? null; at && at !== Object.prototype; at = Reflect.getPrototypeOf(at))
    if (Object.hasOwn(at, name)) return at;
  return undefined;
}

function named(name: string, replacement: Callable): Callable {
  return Object.defineProperty(replacement, 'name', { value: name, configurable: true });
}
