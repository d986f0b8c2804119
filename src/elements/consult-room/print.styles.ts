/** Styles for printing. */
import { css } from 'lit';

export const print = css`
  /* Print only the notice or the receipts: no steps, no controls, no card. */
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
