/** The address bar: emptied of the invite in every case. */
import { expect } from '@open-wc/testing';
import { holdsInvite, takeInvite } from '../../../src/room/room.ts';

const TOKEN = `AWc${'x'.repeat(133)}`;
const before = location.href;

describe('taking the invite out of the address bar', () => {
  afterEach(() => {
    document.querySelector('base')?.remove();
    history.replaceState(null, '', before);
  });

  const addresses: Readonly<Record<string, readonly [address: string, left: string]>> = {
    'in the fragment': [`/room.html#consult=${TOKEN}`, '/room.html'],
    'in the fragment, with a query': [`/room.html?lang=en#consult=${TOKEN}.`, '/room.html?lang=en'],
    'damaged in the fragment': [`/room.html#consult=${TOKEN.slice(0, 50)}`, '/room.html'],
    'empty in the fragment': ['/room.html#consult=', '/room.html'],
    'with its sign encoded': [`/room.html#consult%3D${TOKEN}`, '/room.html'],
    'behind an encoded fragment sign': [`/room.html%23consult=${TOKEN}`, '/room.html'],
    'behind an encoded fragment sign, damaged': ['/room.html%23consult=AWg', '/room.html'],
    'behind an encoded fragment sign in a query': [`/room.html?lang=en%23consult%3D${TOKEN}`, '/room.html?lang=en'],
    'in a query, without its fragment sign': [`/room.html?consult=${TOKEN}`, '/room.html'],
    'in a query of which HTML was not decoded': [`/room.html?lang=en&amp;consult=${TOKEN}`, '/room.html?lang=en'],
    'on a path with two slashes': [`//room.html#consult=${TOKEN}`, '//room.html'],
    'on a path with two slashes, encoded': [`//room.html%23consult=${TOKEN}`, '//room.html'],
  };
  for (const [where, [address, left]] of Object.entries(addresses)) {
    for (const base of [null, 'https://foreign.example/path/'])
      it(`leaves nothing of it when it stands ${where}${base ? ', in a page with a foreign base' : ''}`, () => {
        history.replaceState({ router: 1 }, '', `${location.origin}${address}`);
        if (base) document.head.append(Object.assign(document.createElement('base'), { href: base }));
        expect(holdsInvite()).to.equal(true);
        expect(takeInvite()).to.include('consult');
        expect(location.href).to.equal(`${location.origin}${left}`);
        expect(history.state).to.deep.equal({ router: 1 });
        expect(takeInvite()).to.equal(undefined);
      });
  }

  it('leaves nothing of it when the history cannot be written', () => {
    history.replaceState(null, '', `${location.origin}/room.html#consult=${TOKEN}`);
    const { replaceState } = history;
    history.replaceState = () => {
      throw new DOMException('too many', 'SecurityError');
    };
    try {
      expect(takeInvite()).to.include(TOKEN);
      expect(location.hash).to.equal('');
    } finally {
      history.replaceState = replaceState;
    }
  });
});
