/** Shared styles of every element: type, buttons, fields, cards and the focus ring. */
import { css } from 'lit';
import { visuallyHidden } from './visually-hidden.styles.ts';

export const controls = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_size-m);
    hyphens: auto;
    line-height: 1.5;
    overflow-wrap: break-word;
    text-align: start;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
  }
  fieldset {
    border: 0;
    min-inline-size: 0;
  }
  h1,
  h2 {
    font-family: var(--_font-heading);
    font-size: var(--_size-xl);
    font-weight: 500;
    hyphens: manual;
    letter-spacing: -0.005em;
    line-height: 1.2;
    text-wrap: balance;
  }
  h4 {
    font-size: var(--_size-m);
    font-weight: 620;
    margin: 0;
  }
  h3 {
    font-family: var(--_font-heading);
    font-size: var(--_size-l);
    font-weight: 500;
    line-height: 1.3;
    padding-inline-end: var(--_close, 0px);
    text-wrap: balance;
  }
  p {
    max-inline-size: 62ch;
    text-wrap: pretty;
  }
  a {
    color: var(--_accent);
    text-underline-offset: 0.2em;
  }
  .lead {
    color: var(--_muted);
  }
  .small {
    color: var(--_muted);
    font-size: var(--_size-s);
  }
  .host-mark {
    border: 1px solid currentcolor;
    border-radius: var(--_radius-s);
    font-size: 0.8em;
    padding: 0 0.4em;
    white-space: nowrap;
  }
  .resembles {
    color: inherit;
    font-weight: 600;
  }
  .stack {
    display: grid;
    gap: var(--_space-4);
    /* A long word must wrap, not widen the page. */
    grid-template-columns: minmax(0, 1fr);
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-3);
  }

  .card {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    box-shadow: var(--_shadow);
    padding: clamp(1.125rem, 4cqi, 2.25rem);
  }
  .hint {
    background: var(--_glow);
    border: 1px solid transparent;
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-1) var(--_space-3);
    grid-template-columns: auto minmax(0, 1fr);
    padding: var(--_space-3) var(--_space-4);
  }
  .hint > svg {
    color: var(--_accent);
    margin-block-start: 0.15em;
  }
  .hint > :not(svg) {
    grid-column: 2;
  }

  button,
  .button {
    align-items: center;
    background: var(--_raised);
    border: 1.5px solid var(--_control);
    border-radius: var(--_radius-s);
    color: var(--_text);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 600;
    gap: var(--_space-2);
    hyphens: manual;
    justify-content: center;
    line-height: 1.25;
    margin: 0;
    min-block-size: var(--_target);
    min-inline-size: var(--_target);
    padding: 0.55em 1.3em;
    text-align: center;
    text-decoration: none;
    transition:
      background-color var(--_duration),
      border-color var(--_duration);
  }
  /* Where the label wraps, the icon stays next to it. */
  :is(button, .button):has(> svg) {
    text-align: start;
  }
  button:hover {
    background: var(--_glow);
    border-color: var(--_accent);
  }
  button.primary {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  button.primary:hover {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_text));
  }
  button.danger {
    background: var(--_danger);
    border-color: var(--_danger);
    color: var(--_on-danger);
  }
  button.danger:hover {
    background: color-mix(in oklab, var(--_danger) 88%, var(--_text));
  }
  button.quiet {
    background: transparent;
    border-color: transparent;
    color: var(--_accent);
  }
  button.quiet:hover {
    background: var(--_glow);
  }
  button:disabled {
    background: var(--_sunken);
    border-color: var(--_line);
    color: var(--_muted);
    cursor: default;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-3);
  }
  /* The foot of a step stays in sight however long the page is; it is the last child of a column that fills the screen. */
  .foot {
    background: var(--_surface);
    border-block-start: 1px solid var(--_line);
    display: grid;
    gap: var(--_space-2) var(--_space-3);
    grid-template-columns: minmax(0, 1fr);
    inset-block-end: 0;
    margin-block-start: auto;
    padding-block: var(--_space-3) max(var(--_space-3), env(safe-area-inset-bottom));
    position: sticky;
    z-index: 2;
  }
  /* Alike, and side by side only where their words fit into a line. */
  .foot.two {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr));
  }
  .foot.two button {
    padding-inline: 0.5em;
  }
  .foot > p {
    grid-column: 1 / -1;
  }
  .step {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: var(--_space-4);
  }
  /* A low window, or large text: the foot takes its place in the text. */
  @media (max-height: 20rem) {
    .foot {
      position: static;
    }
  }
  @container (inline-size < 30rem) {
    .actions > button {
      flex: 1 1 100%;
    }
  }

  label,
  .label {
    display: block;
    font-weight: 560;
  }
  input,
  select,
  textarea {
    background: var(--_raised);
    border: 1px solid var(--_control);
    border-radius: var(--_radius-s);
    color: inherit;
    font: inherit;
    inline-size: 100%;
    max-inline-size: 100%;
    min-block-size: var(--_target);
    padding: 0.5em 0.85em;
  }
  /* The browsers' own grey is too weak on most grounds (WCAG 1.4.3). */
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .field {
    display: grid;
    gap: var(--_space-1);
    grid-template-columns: minmax(0, 1fr);
  }

  details > summary {
    border-radius: var(--_radius-s);
    cursor: pointer;
    font-weight: 560;
    min-block-size: var(--_target);
    padding-block: 0.7em;
  }

  dialog {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    box-shadow: var(--_shadow);
    color: var(--_text);
    max-inline-size: min(28rem, calc(100% - 2rem));
    padding: var(--_space-5);
  }
  dialog::backdrop {
    background: rgb(10 16 15 / 55%);
  }
  dialog .actions > button {
    flex: 1 1 auto;
  }

  /* Headings take the focus so that screen readers start there; they are not controls. */
  [tabindex='-1']:focus {
    outline: none;
  }
  :focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  :focus:not(:focus-visible) {
    outline: none;
  }

  /* Scroll focused controls above the sticky foot; 0 where there is none. */
  :is(a, button, input, select, textarea, summary, [tabindex]) {
    scroll-margin-block-end: var(--_foot, 0px);
  }

  svg.icon {
    block-size: 1.35em;
    flex: none;
    inline-size: 1.35em;
  }
  :dir(rtl) > svg.turned {
    scale: -1 1;
  }
  .visually-hidden {
    ${visuallyHidden}
  }

  @media (forced-colors: active) {
    button,
    .card,
    .hint {
      border: 1px solid ButtonBorder;
    }
    /* Above the colours of single buttons, which "none" would let through. */
    button:is([aria-pressed='true'], [aria-expanded='true']) {
      background: Highlight !important;
      color: HighlightText !important;
      forced-color-adjust: none;
    }
    /* A colour that an icon has of its own is not forced. */
    svg.icon {
      color: inherit !important;
    }
  }
`;
