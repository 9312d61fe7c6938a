// What differs between two lists of words: the longest common part stays.

export interface Change {
  readonly kind: "same" | "gone" | "come";
  readonly text: string;
}

export function changesOf(before: readonly string[], after: readonly string[]): Change[] {
  const width = after.length + 1;
  // common[i * width + j]: how many words are common from i and j on.
  const common = new Uint32Array((before.length + 1) * width);
  const of = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j] ? of(i + 1, j + 1) + 1 : Math.max(of(i + 1, j), of(i, j + 1));
    }
  }
  const changes: Change[] = [];
  const add = (kind: Change["kind"], text: string) => {
    const last = changes.at(-1);
    if (last?.kind === kind) changes[changes.length - 1] = { kind, text: last.text + text };
    else changes.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const now = after[j];
    if (old !== undefined && old === now) {
      add("same", old);
      i += 1;
      j += 1;
    } else if (old !== undefined && (now === undefined || of(i + 1, j) >= of(i, j + 1))) {
      add("gone", old);
      i += 1;
    } else {
      add("come", now ?? "");
      j += 1;
    }
  }
  return changes;
}
