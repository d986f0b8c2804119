import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    gap: var(--_space-2);
    justify-items: start;
  }
  /* In one row with the panels where the window is low: the icon alone, with its words for who cannot see it. */
  @media (max-height: 30rem) {
    @container (34rem <= inline-size < 50rem) {
      :host(.beside-panels) span {
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        overflow: hidden;
        position: absolute;
      }
    }
  }
`;
