/**
 * The design tokens, with their defaults. A site sets `--consult-…` on any ancestor; elements read the private `--_…` of the
 * same name. Light and dark follow the inherited `color-scheme`, so that an embedded room looks like the page around it.
 *
 * The palette is a room at dusk: paper and pine for everything that is said, one warm lamp for what is to be done.
 */
import { css } from 'lit';

export const tokens = css`
  :host {
    --_surface: var(--consult-color-surface, light-dark(#f5f4ef, #141a19));
    --_raised: var(--consult-color-raised, light-dark(#fffefb, #1d2624));
    --_sunken: var(--consult-color-sunken, light-dark(#eae9e1, #131918));
    --_text: var(--consult-color-text, light-dark(#1e2a28, #edf1ec));
    --_muted: var(--consult-color-muted, light-dark(#52605d, #aab7b2));
    --_line: var(--consult-color-line, light-dark(#d6d6cb, #35413e));
    --_control: var(--consult-color-control, light-dark(#78837f, #7d8c87));
    --_accent: var(--consult-color-accent, light-dark(#8a4a10, #f2b964));
    --_on-accent: var(--consult-color-on-accent, light-dark(#ffffff, #2b1a02));
    --_glow: var(--consult-color-glow, light-dark(#fbeed8, #33291a));
    --_good: var(--consult-color-good, light-dark(#1c664e, #86d3b2));
    --_danger: var(--consult-color-danger, light-dark(#a3233d, #ff9caa));
    --_on-danger: var(--consult-color-on-danger, light-dark(#ffffff, #33060f));
    --_tile: var(--consult-color-tile, light-dark(#24322f, #1f2a28));
    --_on-tile: var(--consult-color-on-tile, #f1f4ef);
    --_focus: var(--consult-color-focus, light-dark(#0b5d7e, #9bd8f3));
    --_font: var(
      --consult-font-family,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Noto Sans',
      'Liberation Sans',
      sans-serif
    );
    --_size-s: var(--consult-font-size-s, 0.9375rem);
    --_size-m: var(--consult-font-size-m, 1.0625rem);
    --_size-l: var(--consult-font-size-l, 1.3125rem);
    --_size-xl: var(--consult-font-size-xl, clamp(1.5rem, 1.25rem + 1.4vw, 2rem));
    --_space-1: var(--consult-space-1, 0.25rem);
    --_space-2: var(--consult-space-2, 0.5rem);
    --_space-3: var(--consult-space-3, 0.75rem);
    --_space-4: var(--consult-space-4, 1.125rem);
    --_space-5: var(--consult-space-5, 1.75rem);
    --_space-6: var(--consult-space-6, 2.75rem);
    --_radius-s: var(--consult-radius-s, 0.625rem);
    --_radius-m: var(--consult-radius-m, 1.25rem);
    --_shadow: var(--consult-shadow, 0 1px 2px rgb(20 30 28 / 6%), 0 12px 32px -12px rgb(20 30 28 / 18%));
    --_target: var(--consult-target-size, 3rem);
    --_duration: var(--consult-duration, 180ms);
  }

  /* Print black on white, whatever the colours of the page are. */
  @media print {
    :host {
      color-scheme: light;
      --_surface: #fff;
      --_raised: #fff;
      --_sunken: #fff;
      --_text: #000;
      --_muted: #000;
      --_line: #000;
      --_control: #000;
      --_accent: #000;
      --_on-accent: #fff;
      --_glow: #fff;
      --_good: #000;
      --_danger: #000;
      --_on-danger: #fff;
      --_shadow: none;
      --_size-s: 10pt;
      --_size-m: 10.5pt;
      --_size-l: 13pt;
      --_size-xl: 16pt;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --_duration: 1ms;
    }
  }
`;
