import { css } from 'lit';

export const styles = css`
  .people {
    display: grid;
    gap: var(--_space-4);
    list-style: none;
  }
  .people li {
    border-block-end: 1px solid var(--_line);
    display: grid;
    gap: var(--_space-2);
    padding-block-end: var(--_space-4);
  }
  .name {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    font-weight: 620;
    gap: var(--_space-1) var(--_space-3);
    min-inline-size: 0;
  }
  .name bdi {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .sign {
    align-items: center;
    border: 1px solid currentcolor;
    border-radius: var(--_radius-s);
    display: inline-flex;
    font-size: var(--_size-s);
    font-weight: 500;
    gap: var(--_space-1);
    padding: 0 0.5em;
  }
  .each {
    display: grid;
    gap: var(--_space-2);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 6.25rem), 1fr));
  }
  .each button {
    align-content: center;
    display: grid;
    font-size: 0.8125rem;
    gap: 0.2rem;
    hyphens: auto;
    justify-items: center;
    line-height: 1.2;
    min-block-size: 3.5rem;
    padding: 0.35rem;
    text-align: center;
  }
  [aria-disabled='true'] {
    background: var(--_sunken);
    border-color: var(--_line);
    color: var(--_muted);
    cursor: default;
  }
  .room {
    gap: var(--_space-3);
  }
  .tool {
    display: grid;
    gap: var(--_space-1);
  }
  .tool button {
    justify-self: start;
  }
  [aria-pressed='true'] {
    background: var(--_glow);
    border-color: var(--_accent);
    color: var(--_accent);
  }
  @media (forced-colors: active) {
    [aria-pressed='true'] {
      border-width: 3px;
    }
  }
`;
