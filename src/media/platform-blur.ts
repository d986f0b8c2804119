/**
 * Background blur of the platform (mediacapture-extensions, `backgroundBlur`): the system applies it before the page
 * sees a frame.
 */
interface BlurSettings {
  readonly backgroundBlur?: boolean;
}
interface BlurCapabilities {
  readonly backgroundBlur?: readonly boolean[];
}
interface BlurConstraints extends MediaTrackConstraints {
  readonly backgroundBlur: boolean;
}

/** Whether the system can blur the background of this camera. */
export function hasPlatformBlur(camera: MediaStreamTrack): boolean {
  const { backgroundBlur } = (camera.getCapabilities?.() ?? {}) as BlurCapabilities;
  return backgroundBlur?.includes(true) ?? false;
}

/** @returns whether the setting took effect: the system may refuse, or its own settings may override it */
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
