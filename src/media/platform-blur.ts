/** The background blur of the platform itself (W3C mediacapture-extensions): the system does it before the page sees a picture. */
interface BlurSettings {
  readonly backgroundBlur?: boolean;
}
interface BlurCapabilities {
  readonly backgroundBlur?: readonly boolean[];
}
interface BlurConstraints extends MediaTrackConstraints {
  readonly backgroundBlur: boolean;
}

/** Whether this camera's background can be softened by the system. */
export function hasPlatformBlur(camera: MediaStreamTrack): boolean {
  const { backgroundBlur } = (camera.getCapabilities?.() ?? {}) as BlurCapabilities;
  return backgroundBlur?.includes(true) ?? false;
}

/** @returns whether it is as wanted now: a system may refuse, or be told otherwise by its own settings */
export async function setPlatformBlur(camera: MediaStreamTrack, wanted: 'on' | 'off'): Promise<boolean> {
  const constraints: BlurConstraints = { ...camera.getConstraints(), backgroundBlur: wanted === 'on' };
  try {
    await camera.applyConstraints(constraints);
  } catch {
    return false;
  }
  const { backgroundBlur = false } = camera.getSettings() as BlurSettings;
  return backgroundBlur === (wanted === 'on');
}
