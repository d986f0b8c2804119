import { css } from 'lit';

export const styles = css`
  .sides {
    display: grid;
    gap: var(--_space-2);
    list-style: none;
  }
  .sides li {
    display: flex;
    gap: var(--_space-2);
  }
  .sides svg {
    flex: none;
    margin-block-start: 0.15em;
  }
  .agreed svg {
    color: var(--_good);
  }
`;
