import { css } from 'lit';

export const styles = css`
  .guest {
    justify-items: center;
    padding-block: var(--_space-5);
    text-align: center;
  }
  /* A lamp in the window: something quiet to look at while nothing is to be done. */
  .lamp {
    aspect-ratio: 1;
    background: radial-gradient(circle, var(--_glow) 0 38%, transparent 70%);
    border-radius: 50%;
    color: var(--_accent);
    display: grid;
    inline-size: 9rem;
    place-items: center;
  }
  .lamp svg {
    block-size: 3rem;
    inline-size: 3rem;
    stroke-width: 1.4;
  }
  @media (max-height: 40rem) {
    .guest {
      padding-block: var(--_space-3);
    }
    .lamp {
      inline-size: 5.5rem;
    }
  }
  @media (max-height: 30rem) {
    .guest {
      gap: var(--_space-2);
      padding-block: 0;
    }
    .lamp {
      inline-size: 3.5rem;
    }
    .lamp svg {
      block-size: 1.75rem;
      inline-size: 1.75rem;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .lamp {
      animation: breathe 7s ease-in-out infinite alternate;
    }
  }
  @keyframes breathe {
    from {
      opacity: 0.75;
      transform: scale(0.96);
    }
    to {
      opacity: 1;
      transform: scale(1.04);
    }
  }
  .private svg {
    margin-inline-end: 0.3em;
    vertical-align: -0.3em;
  }
  ul {
    display: grid;
    gap: var(--_space-3);
    list-style: none;
  }
  li {
    align-items: center;
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-s);
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-3);
    justify-content: space-between;
    padding: var(--_space-3);
  }
  .who {
    flex: 1 1 10rem;
    min-inline-size: 0;
  }
  li button {
    padding-inline: 1em;
  }
  .name {
    font-weight: 620;
  }
`;
