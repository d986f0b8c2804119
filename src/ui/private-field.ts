/**
 * Keeps what people write in a field between them and the room: no spelling service, no writing assistant, no page translation, no form
 * history and no password manager gets it. Each of them documents the attribute that turns it off.
 */
import { nothing } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import { markPrivate } from './replay-marks.ts';

const ATTRIBUTES: Readonly<Record<string, string>> = {
  autocorrect: 'off', // HTML §6.9.4
  spellcheck: 'false', // some browsers send what is checked to a server
  writingsuggestions: 'false', // HTML §6.8.6
  translate: 'no',
  'data-gramm': 'false', // Grammarly
  'data-gramm_editor': 'false', // Grammarly, older ones
  'data-enable-grammarly': 'false',
  'data-lt-active': 'false', // LanguageTool
  'data-ms-editor': 'false', // Microsoft Editor
  'data-1p-ignore': '', // 1Password
  'data-bwignore': '', // Bitwarden
  'data-form-type': 'other', // Dashlane
  'data-lpignore': 'true', // LastPass
  'data-protonpass-ignore': 'true', // Proton Pass
};

class PrivateField extends Directive {
  #set = false;

  render(_autocomplete: 'off' | 'name' = 'off'): typeof nothing {
    return nothing;
  }

  override update({ element }: ElementPart, [autocomplete = 'off']: Parameters<this['render']>): typeof nothing {
    if (this.#set) return nothing;
    this.#set = true;
    for (const [name, value] of Object.entries(ATTRIBUTES)) element.setAttribute(name, value);
    element.setAttribute('autocomplete', autocomplete);
    // Recorders read a field that was written to a moment later, when it may have left the page and what was marked around it.
    markPrivate(element);
    return nothing;
  }
}

/** With `name` where a full name is asked for, which the browser may offer; under a pseudonym it offers nothing. */
export const privateField = directive(PrivateField);
