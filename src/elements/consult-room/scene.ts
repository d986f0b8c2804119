/** The house at dusk: one drawing for every phase. Only light, door, curtain, figure and sky change. */
import { svg, type SVGTemplateResult } from 'lit';
import { isSession, type RoomState } from '../../room/room.ts';

/**
 * `shut`: the door is closed. `waiting`: a light is on and the door ajar. `open`: admitted. `someone`: a figure in the door, in the
 * tile of that participant. `break`: the curtain is drawn. `night`: dark, with the moon.
 */
export type Scene = 'shut' | 'waiting' | 'open' | 'someone' | 'break' | 'night';

/** @returns what the house shows for a state of the room */
export function sceneOf(state: RoomState): Scene {
  if (state.phase === 'ended' || state.phase === 'failed') return 'night';
  if (!isSession(state)) return 'shut';
  if (state.phase === 'waiting') return state.knocking === 'admitted' ? 'open' : 'waiting';
  // Without pictures the phase `connecting` says that there is no connection, or not yet.
  if (state.phase === 'connecting') return 'shut';
  if (state.phase !== 'paused') return 'open';
  // A drawn curtain, after “someone came in” too: the picture must not tell a visitor anything.
  return 'break';
}

/**
 * Decoration, hidden from assistive technology. Colours are fixed: it is a picture, in light and dark alike. Sky and ground reach beyond the
 * view box, so that a frame of any shape is full and cuts nothing off the house.
 */
export function renderScene(scene: Scene): SVGTemplateResult {
  return svg`<svg class="scene ${scene}" part="scene" viewBox="130 0 300 190" aria-hidden="true">
    <linearGradient id="sky" gradientUnits="userSpaceOnUse" x2="0" y2="190"><stop stop-color="#3b5560"/><stop offset="1" stop-color="#b9a892"/></linearGradient>
    <radialGradient id="glow"><stop stop-color="#f8cf82"/><stop offset="1" stop-color="#f8cf82" stop-opacity="0"/></radialGradient>
    <path fill="url(#sky)" d="M-960-960h2240v2240H-960z"/>
    <path class="dark" fill="#1f2d36" d="M-960-960h2240v2240H-960z"/>
    <circle class="moon" cx="470" cy="42" r="17" fill="#f6ead0"/>
    <path d="M-960 154q120-50 240 0t240 0 240 0 240 0q120-50 250-12t310-18 360 30 360 0v999H-960z" fill="#2c4740"/>
    <path d="m60 149 16-52 16 52zm36 7 13-40 13 40z" fill="#22392f"/>
    <path d="M190 58h190v110H190z" fill="#e9dfcc"/>
    <path d="m176 62 109-52 109 52z" fill="#7c4a35"/>
    <path d="M214 130V94q0-16 26-16t26 16v36z" fill="#54665f"/>
    <g class="light"><circle cx="240" cy="104" r="86" fill="url(#glow)"/><path d="M214 130V94q0-16 26-16t26 16v36z" fill="#f6c878"/></g>
    <path d="M240 79v51m-26-24h52" stroke="#7c4a35" stroke-width="3"/>
    <path class="curtain" d="M214 130V94q0-16 26-16t26 16v36zm10-42v42m11-50v50m11-50v50m10-44v44" fill="#c9b08d" stroke="#ad9470" stroke-width="2"/>
    <path d="M306 88h44v80h-44z" fill="#f6c878"/>
    <path class="figure" d="M328 104a8 8 0 1 1 0 16 8 8 0 0 1 0-16m-14 64c0-30 6-44 14-44s14 14 14 44z" fill="#3a4a45"/>
    <path class="door" d="M306 88h44v80h-44z" fill="#1f5a4a"/>
    <path d="M150 190q150-34 178-22h24q68 8 98 22l960 448H-960z" fill="#d9c7a5" opacity=".8"/>
    <path class="dark ground" fill="#1f2d36" d="M-960-960h2240v2240H-960z"/>
  </svg>`;
}
