/** The calm pages: an icon, a heading, few words, and what else is possible. */
import { css } from 'lit';

export const calm = css`
  .calm {
    display: grid;
    gap: var(--_space-4);
    justify-items: center;
    padding-block: var(--_space-6);
    text-align: center;
  }
  /* What else is possible must not lie below the edge of the screen. */
  .calm:has(.alternatives) {
    gap: var(--_space-3);
    padding-block: var(--_space-4);
  }
  .calm:has(.alternatives) .sign {
    inline-size: 4.5rem;
  }
  .calm .hint {
    text-align: start;
  }
  .sign {
    aspect-ratio: 1;
    background: radial-gradient(circle, var(--_glow) 0 45%, transparent 72%);
    border-radius: 50%;
    color: var(--_accent);
    display: grid;
    inline-size: 7.5rem;
    place-items: center;
  }
  .sign svg.icon {
    block-size: 2.5rem;
    inline-size: 2.5rem;
    stroke-width: 1.5;
  }
  .alternatives {
    border-block-start: 1px solid var(--_line);
    display: grid;
    inline-size: 100%;
    justify-items: center;
    padding-block-start: var(--_space-3);
  }
  .way {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-1) var(--_space-2);
    justify-content: center;
    min-block-size: var(--_target);
  }
  .way a {
    align-items: center;
    display: inline-flex;
    min-block-size: var(--_target);
  }
  /* What is to be done comes into sight without scrolling. */
  @media (max-height: 40rem) {
    .calm {
      gap: var(--_space-3);
      padding-block: var(--_space-4);
    }
    .sign {
      inline-size: 4.5rem;
    }
    .sign svg.icon {
      block-size: 2rem;
      inline-size: 2rem;
    }
  }
  @media (max-height: 30rem) {
    .calm,
    .calm:has(.alternatives) {
      gap: var(--_space-2);
      padding-block: var(--_space-3);
    }
    .sign,
    .calm:has(.alternatives) .sign {
      inline-size: 3rem;
    }
    .sign svg.icon {
      block-size: 1.5rem;
      inline-size: 1.5rem;
    }
  }
`;
