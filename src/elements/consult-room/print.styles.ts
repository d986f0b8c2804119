/** On paper. */
import { css } from 'lit';

export const print = css`
  /* A notice or a receipt is printed for itself: no steps, no controls, no card around it. */
  @media print {
    .top,
    .foot,
    .problems,
    .controls,
    .stage,
    .inbox,
    .narrow > .calm:has(~ .kept),
    .aside > .stack > :not(consent-receipts) {
      display: none;
    }
    .room,
    .card {
      border: 0;
      padding: 0;
    }
    .narrow,
    .narrow.wide {
      max-inline-size: none;
    }
  }
`;
