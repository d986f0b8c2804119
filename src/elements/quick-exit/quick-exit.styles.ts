import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    gap: var(--_space-2);
    justify-items: start;
  }
`;
