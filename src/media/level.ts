/**
 * Measures the level of our own microphone for the device check. Never connected to an output, so nothing is audible
 * [R6].
 */
export class MicrophoneLevel {
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;
  #samples = new Float32Array(0);

  listenTo(track: MediaStreamTrack | null): void {
    this.#source?.disconnect();
    this.#source = null;
    if (!track) return;
    try {
      this.#context ??= new AudioContext();
      this.#analyser ??= this.#context.createAnalyser();
      this.#analyser.fftSize = 1024;
      this.#samples = new Float32Array(this.#analyser.fftSize);
      this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
      this.#source.connect(this.#analyser);
    } catch {
      // Firefox connects no microphone of another sample rate; some browsers limit the number of contexts. The meter
      // stays empty, and everything else works.
      this.#source = null;
    }
  }

  /** The level from 0 to 1, scaled so that ordinary speech is about 0.5. */
  read(): number {
    if (!this.#source || !this.#analyser || !this.#context) return 0;
    // Browsers suspend a context until a user gesture.
    if (this.#context.state === 'suspended') void this.#context.resume().catch(() => undefined);
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / this.#samples.length;
    const decibels = 10 * Math.log10(power + 1e-10);
    return Math.min(1, Math.max(0, (decibels + 70) / 60));
  }

  close(): void {
    this.listenTo(null);
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
    this.#analyser = null;
  }
}
