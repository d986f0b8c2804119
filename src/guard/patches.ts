/**
 * Temporarily replaces functions of the page, then restores the same property descriptors on the same objects. A
 * property that another script has replaced in the meantime stays as it is.
 */
interface Patch {
  readonly target: object;
  readonly name: string;
  readonly before: PropertyDescriptor;
  readonly ours: unknown;
}

type Callable = (this: unknown, ...parameters: unknown[]) => unknown;
/** Inspects receiver and arguments of a call; throws to refuse it. */
export type Check = (self: unknown, parameters: readonly unknown[]) => void;

/** What an accessor does instead. */
export interface Accessor {
  /** @param value what the browser would return */
  get(self: unknown, value: unknown): unknown;
  /** `pass` sets the value as the browser would, `ignore` does not. */
  set?(self: unknown, value: unknown): 'pass' | 'ignore';
}

export class Patches {
  #applied: Patch[] = [];

  /** Runs a check before each call of a method. */
  method(target: object | undefined, name: string, check: Check): void {
    this.#replace(target, name, (original) =>
      named(name, function (this: unknown, ...parameters) {
        check(this, parameters);
        return original.apply(this, parameters);
      }),
    );
  }

  /** Like {@link method}, for methods that return a promise: a refusal becomes a rejection. */
  promise(target: object | undefined, name: string, check: Check): void {
    this.#replace(target, name, (original) =>
      named(name, function (this: unknown, ...parameters) {
        try {
          check(this, parameters);
        } catch (error: unknown) {
          // Rejects with whatever the check threw.
          return new Promise((_resolve, reject) => reject(error as Error));
        }
        return original.apply(this, parameters);
      }),
    );
  }

  /** Passes the return value of each call to `use`. */
  result(target: object | undefined, name: string, use: (self: unknown, returned: unknown) => void): void {
    this.#replace(target, name, (original) =>
      named(name, function (this: unknown, ...parameters) {
        const returned = original.apply(this, parameters);
        use(this, returned);
        return returned;
      }),
    );
  }

  /** Passes each value read from an accessor to `use`, which throws to refuse it. */
  getter(from: object | undefined, name: string, use: (self: unknown, value: unknown) => void): void {
    this.accessor(from, name, {
      get: (self, value) => {
        use(self, value);
        return value;
      },
    });
  }

  /** Replaces what an accessor returns, and decides whether a value is set; either throws to refuse. */
  accessor(from: object | undefined, name: string, o: Accessor): void {
    const target = ownerOf(from, name);
    const before = target && Object.getOwnPropertyDescriptor(target, name);
    const [read, write] = [before?.get, before?.set];
    if (!target || !before?.configurable || !read) return;
    const get = function (this: unknown): unknown {
      return o.get(this, read.call(this));
    };
    const set = function (this: unknown, value: unknown): void {
      if (!o.set || o.set(this, value) === 'pass') write?.call(this, value);
    };
    Object.defineProperty(target, name, { ...before, get, ...(write && o.set ? { set } : {}) });
    this.#applied.push({ target, name, before, ours: get });
  }

  /** Checks the arguments before each `new`; `instanceof` and subclasses keep working. */
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
      // Another script has replaced our patch: restoring the original would break the page.
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

/** Finds the object that owns a property: a page may have subclassed the browser's class. */
function ownerOf(target: object | undefined, name: string): object | undefined {
  for (let at: object | null = target ?? null; at && at !== Object.prototype; at = Reflect.getPrototypeOf(at))
    if (Object.hasOwn(at, name)) return at;
  return undefined;
}

function named(name: string, replacement: Callable): Callable {
  return Object.defineProperty(replacement, 'name', { value: name, configurable: true });
}
