import type { Piece } from "../rule/voice";

/** What came from the rule stands out. */
export function Sentence({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece, index) =>
    piece.path ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is drawn anew as a whole
      <b key={index}>{piece.text}</b>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is drawn anew as a whole
      <span key={index}>{piece.text}</span>
    ),
  );
}
