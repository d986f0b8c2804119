import { css } from 'lit';

export const styles = css`
  .hint {
    align-items: start;
  }
`;
