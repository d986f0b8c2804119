import { css } from 'lit';

export const styles = css`
  :host {
    block-size: 100%;
    container-type: size;
    min-block-size: 14rem;
    position: relative;
  }
  .grid {
    block-size: 100%;
    display: grid;
    gap: var(--_space-2);
    grid-auto-rows: minmax(0, 1fr);
    grid-template-columns: repeat(var(--_columns, 1), minmax(0, 1fr));
    inline-size: 100%;
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

  /* What somebody shows comes first and takes the room; people stand beside it. */
  .showing {
    grid-auto-flow: column;
    grid-auto-columns: minmax(7rem, 1fr);
    grid-template-columns: none;
    grid-template-rows: repeat(var(--_screens, 1), minmax(0, 3fr)) minmax(5.5rem, 1fr);
    overflow-x: auto;
  }
  .showing .screen {
    grid-column: 1 / -1;
  }
  .showing .cell {
    grid-row: -2;
  }
  .showing .screen {
    grid-row: auto;
    order: -1;
  }
  @container (min-aspect-ratio: 11 / 10) {
    .showing {
      grid-auto-flow: row;
      grid-auto-rows: minmax(5.5rem, 1fr);
      grid-template: none / minmax(0, 4fr) minmax(8rem, 1fr);
      overflow: auto;
    }
    .showing .cell {
      grid-column: 2;
      grid-row: auto;
    }
    .showing .screen {
      grid-column: 1;
      grid-row: 1 / span 9;
    }
  }

  .own {
    aspect-ratio: 4 / 3;
    border-radius: var(--_radius-m);
    box-shadow: var(--_shadow);
    inline-size: clamp(6.5rem, 22cqmin, 13rem);
    inset-block-start: var(--_space-2);
    inset-inline-end: var(--_space-2);
    position: absolute;
  }
  .alone {
    align-content: center;
    block-size: 100%;
    border: 1px dashed var(--_control);
    border-radius: var(--_radius-m);
    color: var(--_muted);
    display: grid;
    justify-items: center;
    padding: var(--_space-4);
    text-align: center;
  }
`;
