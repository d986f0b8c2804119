/** Temporary replacement of functions: checks run, and everything is restored. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Patches } from '../../src/guard/patches.ts';

class Device {
  readonly #label: string;
  constructor(label: string) {
    this.#label = label;
  }
  get label(): string {
    return this.#label;
  }
  read(this: unknown, ...words: readonly string[]): string {
    return words.join(' ');
  }
  async open(): Promise<string> {
    return Promise.resolve('open');
  }
}

const refuse = (): never => {
  throw new RangeError('refused');
};
const descriptors = (): unknown => Object.getOwnPropertyDescriptors(Device.prototype);

describe('patches', () => {
  it('check receiver and arguments before a method runs', () => {
    const patches = new Patches();
    const seen: unknown[] = [];
    patches.method(Device.prototype, 'read', (self, parameters) => void seen.push(self, ...parameters));
    const device = new Device('a');
    assert.equal(device.read('x', 'y'), 'x y');
    assert.deepEqual(seen, [device, 'x', 'y']);
    assert.equal(Device.prototype.read.name, 'read');
    patches.restore();
  });

  it('reject instead of throwing when the method returns a promise', async () => {
    const patches = new Patches();
    patches.promise(Device.prototype, 'open', refuse);
    await assert.rejects(new Device('a').open(), RangeError);
    patches.restore();
    assert.equal(await new Device('a').open(), 'open');
  });

  it('refuse a getter and a constructor, and keep instanceof', () => {
    const patches = new Patches();
    const realm = { Device };
    patches.getter(Device.prototype, 'label', (_self, value) => {
      if (value === 'secret') refuse();
    });
    patches.constructorOf(realm, 'Device', ([label]) => {
      if (label === 'forbidden') refuse();
    });
    assert.equal(new realm.Device('b').label, 'b');
    assert.ok(new realm.Device('b') instanceof Device);
    assert.throws(() => new realm.Device('secret').label, RangeError);
    assert.throws(() => new realm.Device('forbidden'), RangeError);
    patches.restore();
    assert.equal(realm.Device, Device);
  });

  it('restore every descriptor, in any order of patches on one method', () => {
    const before = descriptors();
    const patches = new Patches();
    patches.method(Device.prototype, 'read', () => undefined);
    patches.result(Device.prototype, 'read', () => undefined);
    patches.getter(Device.prototype, 'label', () => undefined);
    patches.method(undefined, 'read', refuse);
    patches.method(Device.prototype, 'missing', refuse);
    assert.notDeepEqual(descriptors(), before);
    patches.restore();
    assert.deepEqual(descriptors(), before);
  });

  it('leave a method alone that another script has replaced in the meantime', () => {
    const { read } = Device.prototype;
    const patches = new Patches();
    patches.method(Device.prototype, 'read', () => undefined);
    const theirs = (): string => 'theirs';
    Device.prototype.read = theirs;
    patches.restore();
    assert.equal(Device.prototype.read, theirs);
    Device.prototype.read = read;
  });

  it('patch a method where it is defined when a subclass stands in front', () => {
    class Sub extends Device {}
    const patches = new Patches();
    patches.method(Sub.prototype, 'read', refuse);
    assert.throws(() => new Device('a').read('x'), RangeError);
    patches.restore();
    assert.equal(new Device('a').read('x'), 'x');
  });
});
