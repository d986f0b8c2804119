import { css } from 'lit';

export const styles = css`
  .agreed {
    display: flex;
    gap: var(--_space-2);
  }
  .agreed svg {
    color: var(--_good);
    flex: none;
    margin-block-start: 0.15em;
  }
`;
