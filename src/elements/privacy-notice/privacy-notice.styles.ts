import { css } from 'lit';

export const styles = css`
  .summary {
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-3);
    padding: var(--_space-4);
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
    color: var(--_good);
    margin-block-start: 0.1em;
  }
  @container (inline-size >= 44rem) {
    .points {
      gap: var(--_space-3) var(--_space-5);
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  details {
    border-block: 1px solid var(--_line);
  }
  summary {
    color: var(--_accent);
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
  /* Both answers have equal weight. */
  .answers {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
  }
  .answers button {
    border-width: 2px;
    font-weight: 620;
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
