/** What the interface says about consent beside the notice, in both languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../../src/locales/de.ts';
import { en } from '../../src/locales/en.ts';

describe('the texts around a consent', () => {
  it('[R8] say with each relay question where consent can be withdrawn and what happens then (Art. 7(3) GDPR)', () => {
    assert.equal(
      de['relay-consent-dialog.withdraw'],
      'Sie können Ihr Ja jederzeit zurücknehmen: im Gespräch unter „Mehr“ bei „Sicherheit“. Dann endet die Weiterleitung sofort.',
    );
    // The place has the name that it has in the room.
    assert.ok(de['relay-consent-dialog.withdraw'].includes(`„${de['consult-room.panel.security']}“`));
    assert.ok(en['relay-consent-dialog.withdraw'].includes(`“${en['consult-room.panel.security']}”`));
  });

  it('ask for no name of a third person without that person’s agreement', () => {
    assert.equal(
      de['room-occupants-notice.hint'],
      'Eine Rolle genügt, zum Beispiel „meine Schwester“. Nennen Sie einen Namen nur, wenn die Person einverstanden ist. Sind Sie allein, lassen Sie das Feld leer.',
    );
    assert.match(en['room-occupants-notice.hint'], /Give a name only if that person agrees/u);
  });

  it('address everyone where there may be more than two people', () => {
    const words = (texts: Readonly<Record<string, unknown>>): readonly string[] =>
      Object.values(texts).map((text) => (typeof text === 'function' ? String(text('A', 'B')) : String(text)));
    assert.deepEqual(
      [...words(de), ...words(en)].filter((text) => /auf beiden Seiten|on both sides/u.test(text)),
      [],
    );
  });

  it('[R1] say what has already loaded before consent', () => {
    assert.equal(
      de['privacy-notice.lead'],
      'Bis Sie zustimmen, ist nur diese Seite geladen: kein Gespräch, keine Kamera, kein Mikrofon.',
    );
    assert.match(en['privacy-notice.lead'], /only this page is loaded/u);
  });
});
