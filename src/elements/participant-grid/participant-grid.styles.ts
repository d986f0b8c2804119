import { css } from 'lit';

export const styles = css`
  :host {
    block-size: 100%;
    container-type: size;
    min-block-size: 8rem;
    position: relative;
  }
  /* Measured from the host: in a plain block its height is the minimum, which a percentage would not know. */
  .frame,
  .alone {
    inset: 0;
    position: absolute;
  }
  .frame {
    display: flex;
    flex-direction: column;
    gap: var(--_space-2);
  }
  /* Places and sizes of the cells are computed (packing.ts). */
  .grid {
    flex: 1 1 0;
    list-style: none;
    min-block-size: 0;
    position: relative;
  }
  .cell {
    position: absolute;
  }
  .all {
    align-items: center;
    background: var(--_raised);
    border-radius: var(--_radius-s);
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2) var(--_space-3);
    justify-content: space-between;
    padding: var(--_space-2) var(--_space-3);
  }
  .all p {
    flex: 1 1 12rem;
    font-size: var(--_size-s);
  }
  .all button {
    min-block-size: 2.75rem;
  }
  .own {
    aspect-ratio: 4 / 3;
    block-size: auto;
    box-shadow: var(--_shadow);
    inline-size: clamp(6rem, 20cqmin, 11rem);
    inset-block-end: var(--_space-2);
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
