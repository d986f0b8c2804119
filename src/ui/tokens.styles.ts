/**
 * The design tokens, all in this file. A site sets `--consult-…` on any ancestor; elements only read the private `--_…` of the
 * same name. Light and dark follow the inherited `color-scheme`, so that an embedded room matches the page around it; a call is
 * always dark. `consult-room.ts` lists them with their defaults for the manifest.
 *
 * The palette is a house in the evening. Measured contrast (WCAG 2.2), light / dark:
 * - paper or night (`surface`) under ink (`text`) 13.2 / 13.5, under `muted` 5.9 / 7.6;
 * - `accent`, pine, for what is to be done: 7.1 / 9.1 on the surface, 7.9 / 9.6 under its own text;
 * - `control`, outlines of everything that can be operated: 3.4 / 5.0 on the surface;
 * - `lamp` means light, speaking and “someone is here”, nothing else: 9.4 on night, and never text on paper;
 * - `leave`, rose, is filled and has white text: 7.2.
 *
 * Headings are set in the system's serif, text in the system's sans serif, so no font is loaded. Sizes are in `rem` and follow
 * the reader's own text size. In forced colours the browser's palette replaces all of this.
 */
import { css } from 'lit';

export const tokens = css`
  :host {
    --_surface: var(--consult-color-surface, light-dark(#f4f1ea, #1b2724));
    --_raised: var(--consult-color-raised, light-dark(#fffdf8, #263430));
    --_sunken: var(--consult-color-sunken, light-dark(#ebe6da, #141d1b));
    --_text: var(--consult-color-text, light-dark(#1d2b28, #eef2ec));
    --_muted: var(--consult-color-muted, light-dark(#51605b, #aab7b2));
    --_line: var(--consult-color-line, light-dark(#dcd7ca, #3a4a45));
    --_control: var(--consult-color-control, light-dark(#7b857f, #84938e));
    --_accent: var(--consult-color-accent, light-dark(#1f5a4a, #8fd3b6));
    --_on-accent: var(--consult-color-on-accent, light-dark(#ffffff, #0e231c));
    --_glow: var(--consult-color-glow, light-dark(#e5ece3, #2d3f39));
    --_good: var(--consult-color-good, light-dark(#1c664e, #8fd3b6));
    --_lamp: var(--consult-color-lamp, #f4c26b);
    --_on-lamp: var(--consult-color-on-lamp, #2b1a02);
    --_danger: var(--consult-color-danger, light-dark(#9c2f45, #ffa3b1));
    --_on-danger: var(--consult-color-on-danger, light-dark(#ffffff, #33060f));
    --_leave: var(--consult-color-leave, #9c2f45);
    --_on-leave: var(--consult-color-on-leave, #ffffff);
    --_tile: var(--consult-color-tile, #2a3935);
    --_on-tile: var(--consult-color-on-tile, #eef2ec);
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
    --_font-heading: var(
      --consult-font-heading,
      ui-serif,
      'New York',
      'Iowan Old Style',
      Charter,
      'Source Serif 4',
      Georgia,
      'Liberation Serif',
      serif
    );
    --_size-s: var(--consult-font-size-s, 0.9375rem);
    --_size-m: var(--consult-font-size-m, 1.0625rem);
    --_size-l: var(--consult-font-size-l, 1.25rem);
    --_size-xl: var(--consult-font-size-xl, clamp(1.625rem, 1.4rem + 1vw, 2rem));
    --_space-1: var(--consult-space-1, 0.25rem);
    --_space-2: var(--consult-space-2, 0.5rem);
    --_space-3: var(--consult-space-3, 0.75rem);
    --_space-4: var(--consult-space-4, 1rem);
    --_space-5: var(--consult-space-5, 1.5rem);
    --_space-6: var(--consult-space-6, 2.5rem);
    --_radius-s: var(--consult-radius-s, 0.875rem);
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
