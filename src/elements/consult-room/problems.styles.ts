/** Problems that do not end the session, above every screen. */
import { css } from 'lit';

export const problems = css`
  .problems {
    display: grid;
    gap: var(--_space-2);
    list-style: none;
  }
  .problem {
    align-items: center;
    background: var(--_glow);
    border: 1px solid transparent;
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: auto minmax(0, 1fr) auto;
    padding: var(--_space-2) var(--_space-2) var(--_space-2) var(--_space-4);
  }
  .problem > svg {
    color: var(--_accent);
  }
  .problem button {
    padding: 0;
  }
  @media (forced-colors: active) {
    .problem {
      border-color: CanvasText;
    }
  }
`;
