const encoder = new TextEncoder();
/** A body that is made while it is sent, piece by piece as the reader takes it. */
export function toStream(pieces) {
    return new ReadableStream({
        pull: async (controller) => {
            const piece = await pieces.next();
            if (piece.done === true)
                controller.close();
            else
                controller.enqueue(encoder.encode(piece.value));
        },
        // The reader has gone.
        cancel: async () => {
            await pieces.return();
        },
    });
}
//# sourceMappingURL=text-stream.js.map