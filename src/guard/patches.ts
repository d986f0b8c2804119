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

export class Patches {
  #applied: Patch[] = [];

  /** Calls `check` with the receiver and the arguments before each call of a method; it throws to refuse. */
  method(
    target: object | undefined,
    name: string,
    check: (self: unknown, parameters: readonly unknown[]) => void,
  ): void {
    this.#replace(
      target,
      name,
      (original: Callable) =>
        ({
          [name](this: unknown, ...parameters: unknown[]): unknown {
            check(this, parameters);
            return original.apply(this, parameters);
          },
        })[name],
    );
  }

  /** As {@link method}, with what it returned. */
  result(target: object | undefined, name: string, use: (self: unknown, returned: unknown) => void): void {
    this.#replace(
      target,
      name,
      (original: Callable) =>
        ({
          [name](this: unknown, ...parameters: unknown[]): unknown {
            const returned = original.apply(this, parameters);
            use(this, returned);
            return returned;
          },
        })[name],
    );
  }

  /** Calls `check` with the arguments before each `new`; `instanceof` and subclasses go on working. */
  constructorOf(target: object, name: string, check: (parameters: readonly unknown[]) => void): void {
    this.#replace(
      target,
      name,
      (original: Callable) =>
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
      // A script that replaced ours keeps what it put there: undoing it would break the page.
      if (Object.getOwnPropertyDescriptor(target, name)?.value === ours) Object.defineProperty(target, name, before);
    }
    this.#applied = [];
  }

  #replace(target: object | undefined, name: string, make: (original: Callable) => unknown): void {
    const before = target && Object.getOwnPropertyDescriptor(target, name);
    if (!target || !before?.configurable || typeof before.value !== 'function') return;
    const ours = make(before.value as Callable);
    Object.defineProperty(target, name, { ...before, value: ours });
    this.#applied.push({ target, name, before, ours });
  }
}
