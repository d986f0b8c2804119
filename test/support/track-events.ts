/** Firefox delivers no scripted events on tracks, so tests call the listeners of a track themselves. */
export interface ScriptedTrack {
  fire(type: 'ended' | 'mute' | 'unmute'): void;
}

/** From now on, the listeners that are added to a track can be called. */
export function scriptTrack(track: MediaStreamTrack): ScriptedTrack {
  const listeners: (readonly [type: string, listener: () => void])[] = [];
  Object.assign(track, {
    addEventListener: (type: string, listener: () => void) => void listeners.push([type, listener]),
  });
  return {
    fire: (type) => {
      for (const [of, listener] of listeners) if (of === type) listener();
    },
  };
}
