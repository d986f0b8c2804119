import { css } from 'lit';

export const styles = css`
  .sheet {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    display: grid;
    gap: var(--_space-5);
    grid-template-columns: minmax(0, 1fr);
    padding: clamp(1.125rem, 4cqi, 2.25rem);
  }
  .head,
  section,
  .words {
    align-content: start;
    display: grid;
    gap: var(--_space-2);
    grid-template-columns: minmax(0, 1fr);
  }
  .times {
    font-size: var(--_size-l);
    font-weight: 620;
  }
  .join {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-4);
  }
  .words {
    flex: 1 1 16rem;
    min-inline-size: 0;
  }
  .link {
    overflow-wrap: anywhere;
  }
  .qr {
    border-radius: var(--_radius-s);
    inline-size: 13rem;
    max-inline-size: 100%;
  }
  .code {
    border: 2px solid var(--_control);
    border-radius: var(--_radius-s);
    direction: ltr;
    font-size: var(--_size-xl);
    font-weight: 620;
    inline-size: fit-content;
    letter-spacing: 0.1em;
    max-inline-size: 100%;
    padding: var(--_space-1) var(--_space-4);
  }
  ul {
    display: grid;
    gap: var(--_space-1);
    padding-inline-start: 1.25rem;
  }
  .keep {
    border-block-start: 1px solid var(--_line);
    padding-block-start: var(--_space-3);
  }
  .by-hand {
    display: none;
  }

  @media print {
    .actions {
      display: none;
    }
    /* One page of A4 in German. */
    .sheet {
      border: 0;
      gap: 3mm;
      line-height: 1.35;
      padding: 0;
    }
    .head,
    section,
    .words,
    ul {
      gap: 1mm;
    }
    section,
    .keep {
      break-inside: avoid;
    }
    .by-hand {
      block-size: 10mm;
      border-block-end: 1px solid var(--_line);
      display: block;
    }
    .qr {
      inline-size: 48mm;
    }
  }
`;
