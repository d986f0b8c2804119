import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
  }
  .points {
    display: grid;
    gap: var(--_space-3);
    list-style: none;
  }
  .points li {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: auto minmax(0, 1fr);
  }
  .points svg {
    color: var(--_accent);
    margin-block-start: 0.1em;
  }
  .summary {
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-3);
    padding: var(--_space-4);
  }
  summary {
    color: var(--_accent);
    inline-size: fit-content;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .sections {
    display: grid;
    /* The checksum must wrap, not widen the page. */
    grid-template-columns: minmax(0, 1fr);
    gap: var(--_space-4);
    padding-block-end: var(--_space-4);
  }
  section {
    display: grid;
    gap: var(--_space-2);
  }
  .title {
    display: grid;
    gap: var(--_space-1);
  }
  .entries {
    display: grid;
    gap: var(--_space-2);
    max-inline-size: 62ch;
    padding-inline-start: 1.25em;
  }
  .missing {
    color: var(--_danger);
    font-size: var(--_size-s);
  }

  @media print {
    .screen,
    .points svg {
      display: none;
    }
    .summary {
      background: none;
      border: 1px solid;
    }
    .points,
    .points li {
      display: block;
    }
    .points li {
      display: list-item;
      list-style: disc;
      margin-inline-start: 1.25em;
    }
    details {
      border: 0;
    }
    /* Keeps headings with their text; a grid does not. */
    .sections,
    section {
      display: block;
    }
    section > * {
      margin-block-end: var(--_space-2);
    }
    h3,
    h4 {
      break-after: avoid;
    }
    p,
    li {
      max-inline-size: none;
      orphans: 3;
      widows: 3;
    }
  }
`;
