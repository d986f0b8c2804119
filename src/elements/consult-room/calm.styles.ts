/** The calm screens: a heading, few words, and other ways to get help. */
import { css } from 'lit';

export const calm = css`
  .calm {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    text-align: center;
  }
  .calm .hint {
    text-align: start;
  }
  .alternatives {
    border-block-start: 1px solid var(--_line);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    inline-size: 100%;
    justify-items: center;
    margin-block-start: var(--_space-2);
    padding-block-start: var(--_space-3);
  }
  .way bdi {
    min-inline-size: 0;
  }
  .operator {
    color: var(--_muted);
  }
  .way {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-1) var(--_space-2);
    justify-content: center;
    max-inline-size: 100%;
    min-block-size: var(--_target);
  }
  .way a {
    align-items: center;
    max-inline-size: 100%;
    overflow-wrap: anywhere;
    display: inline-flex;
    min-block-size: var(--_target);
  }
`;
