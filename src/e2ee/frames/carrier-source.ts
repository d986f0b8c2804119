/** Makes the carriers of one link in the worker: grey pictures of 16×16, one per call. */

type Picture = ConstructorParameters<typeof VideoFrame>[1];

/** I420: 16×16 of luma, twice 8×8 of chroma. */
const GREY = new Uint8Array(16 * 16 * 1.5).fill(128);
/** Microseconds: encoders drop a picture that is not later than the one before. */
const STEP = 1_000;

export class CarrierSource {
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  #last = 0;

  constructor(writable: WritableStream<VideoFrame>) {
    this.#writer = writable.getWriter();
  }

  make(): void {
    this.#last = Math.max(this.#last + STEP, Math.round(performance.now() * 1_000));
    const picture = { format: 'I420', codedWidth: 16, codedHeight: 16, timestamp: this.#last } as const;
    // A track that has ended takes none.
    this.#writer.write(new VideoFrame(GREY, picture as Picture & typeof picture)).catch(() => undefined);
  }

  close(): void {
    this.#writer.close().catch(() => undefined);
  }
}
