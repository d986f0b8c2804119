import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
  }
  .answers:has(> :nth-child(2)) {
    grid-auto-rows: 1fr;
  }
  @container (inline-size >= 30rem) {
    .answers:has(> :nth-child(2)) {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  .entry {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2);
  }
  .entry input {
    flex: 1 1 12rem;
    inline-size: auto;
    min-inline-size: 0;
  }
  .people {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2);
    list-style: none;
  }
  .person {
    align-items: center;
    background: var(--_glow);
    border: 1px solid transparent;
    border-radius: var(--_radius-s);
    display: inline-flex;
    max-inline-size: 100%;
    padding-inline-start: 1em;
  }
  .person bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .person button {
    flex: none;
    padding: 0;
  }
  .statement {
    display: grid;
    gap: var(--_space-2);
  }
  .statement details ul {
    padding-block: var(--_space-2);
  }
  .statement summary {
    color: var(--_accent);
    inline-size: fit-content;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .statement ul,
  .others {
    display: grid;
    gap: var(--_space-2);
    list-style: none;
  }
  .statement li {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: auto minmax(0, 1fr);
  }
  .statement svg {
    color: var(--_good);
    margin-block-start: 0.1em;
  }
  .others {
    gap: var(--_space-3);
  }
  .other {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-2);
    justify-items: start;
    padding: var(--_space-4);
  }
  /* Its icon stands where the lines above it begin. */
  .other > .quiet {
    margin-inline-start: calc(-1 * var(--_space-3));
    padding-inline: var(--_space-3);
  }
  .said {
    font-weight: 560;
  }
  .state {
    align-items: start;
    display: flex;
    gap: var(--_space-2);
  }
  .state svg {
    margin-block-start: 0.05em;
  }
  .state.done svg {
    color: var(--_good);
  }
  /* Nothing to be told where there is no keyboard. */
  @media (hover: none) {
    .key {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .person {
      border: 1px solid CanvasText;
    }
  }
`;
