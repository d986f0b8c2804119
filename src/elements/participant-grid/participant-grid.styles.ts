import { css } from 'lit';

export const styles = css`
  :host {
    block-size: 100%;
    container-type: size;
    min-block-size: 11rem;
    position: relative;
  }
  /* Measured from the host: in a plain block its height is the least one, which a percentage would not know. */
  .grid,
  .alone {
    inset: 0;
    position: absolute;
  }
  .grid {
    display: grid;
    gap: var(--_space-2);
    grid-auto-rows: minmax(0, 1fr);
    grid-template-columns: repeat(var(--_columns, 1), minmax(0, 1fr));
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .cell {
    min-block-size: 0;
    min-inline-size: 0;
  }

  /* Upright: few columns. Wide: as square a raster as the number allows. */
  .of-3,
  .of-4,
  .of-5,
  .of-6,
  .of-7,
  .of-8,
  .of-9 {
    --_columns: 2;
  }
  .of-3 .cell:first-child,
  .of-5 .cell:first-child,
  .of-7 .cell:first-child,
  .of-9 .cell:first-child {
    grid-column: 1 / -1;
  }
  @container (min-aspect-ratio: 11 / 10) {
    .of-2,
    .of-4 {
      --_columns: 2;
    }
    .of-3,
    .of-5,
    .of-6,
    .of-7,
    .of-8,
    .of-9 {
      --_columns: 3;
    }
    .of-3 .cell:first-child,
    .of-5 .cell:first-child,
    .of-7 .cell:first-child,
    .of-9 .cell:first-child {
      grid-column: auto;
    }
  }

  /* A shared screen comes first and gets most of the space; people are below or next to it. */
  .showing {
    align-content: flex-start;
    display: flex;
    flex-wrap: wrap;
    overflow: auto;
  }
  .showing .cell {
    block-size: max(5.5rem, 26%);
    flex: 1 1 min(5rem, 20cqi);
    min-inline-size: min(5rem, 20cqi);
  }
  .showing .screen {
    block-size: calc(72% / var(--_screens, 1));
    flex: 1 0 100%;
    order: -1;
  }
  .screens-2 {
    --_screens: 2;
  }
  @container (min-aspect-ratio: 11 / 10) {
    .showing {
      flex-direction: column;
    }
    .showing .cell {
      block-size: auto;
      /* Eight people fit beside a screen at any text size. */
      flex: 1 1 min(4.5rem, 10cqb);
      inline-size: calc(20% - var(--_space-2));
      max-block-size: 11rem;
      min-inline-size: 0;
      min-block-size: min(4.5rem, 10cqb);
    }
    .showing .screen {
      flex: 0 0 calc((100% - (var(--_screens, 1) - 1) * var(--_space-2)) / var(--_screens, 1));
      inline-size: 80%;
      max-block-size: none;
    }
  }

  .own {
    aspect-ratio: 4 / 3;
    block-size: auto;
    border-radius: var(--_radius-m);
    box-shadow: var(--_shadow);
    inline-size: clamp(6.5rem, 22cqmin, 13rem);
    inset-block-start: var(--_space-2);
    inset-inline-end: var(--_space-2);
    position: absolute;
  }
  .alone {
    align-content: center;
    border: 1px dashed var(--_control);
    border-radius: var(--_radius-m);
    color: var(--_muted);
    display: grid;
    justify-items: center;
    padding: var(--_space-4);
    text-align: center;
  }
`;
