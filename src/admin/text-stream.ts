const encoder = new TextEncoder();

/** A body that is made while it is sent, piece by piece as the reader takes it. */
export function toStream(
  pieces: AsyncGenerator<string, void, undefined>,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const piece = await pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    // The reader has gone.
    cancel: async () => {
      await pieces.return();
    },
  });
}

/**
 * The same once its first piece is there: what cannot even be begun can still be refused.
 *
 * @throws whatever the pieces throw before the first
 */
export async function toBegunStream(
  pieces: AsyncGenerator<string, void, undefined>,
): Promise<ReadableStream<Uint8Array>> {
  const first = await pieces.next();
  const all = async function* (): AsyncGenerator<string, void, undefined> {
    if (first.done !== true) yield first.value;
    yield* pieces;
  };
  return toStream(all());
}
