/** Declarations, without a selector, of what screen readers say and nobody sees. */
import { css } from 'lit';

export const visuallyHidden = css`
  block-size: 1px;
  clip-path: inset(50%);
  inline-size: 1px;
  overflow: hidden;
  position: absolute;
  white-space: nowrap;
`;
