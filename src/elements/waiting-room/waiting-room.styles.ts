import { css } from 'lit';

export const styles = css`
  .guest {
    display: grid;
    gap: var(--_space-3);
    justify-items: center;
    text-align: center;
  }
  .link {
    border-block-start: 1px solid var(--_line);
    display: grid;
    gap: var(--_space-2);
    justify-items: start;
    padding-block-start: var(--_space-3);
  }
  .private svg {
    margin-inline-end: 0.3em;
    vertical-align: -0.3em;
  }
  ul {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: minmax(0, 1fr);
    list-style: none;
  }
  li {
    align-items: center;
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-s);
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-3);
    justify-content: space-between;
    padding: var(--_space-3);
  }
  .who {
    flex: 1 1 10rem;
    min-inline-size: 0;
  }
  li button {
    padding-inline: 1em;
  }
  @container (inline-size < 18rem) {
    li {
      padding: var(--_space-2);
    }
    button {
      hyphens: auto;
      max-inline-size: 100%;
      min-inline-size: 0;
      overflow-wrap: anywhere;
      padding-inline: 0.5em;
    }
    button svg {
      display: none;
    }
  }
  .name {
    font-weight: 620;
    /* However long it is, the answers stay in sight. */
    overflow-wrap: anywhere;
  }
`;
