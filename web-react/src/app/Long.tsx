/** A long name: its middle goes, not its end; the whole of it on pointing. */
export function Long({ text, most = 40 }: { text: string; most?: number }) {
  if (text.length <= most) return <span>{text}</span>;
  const half = Math.floor((most - 1) / 2);
  return (
    <span title={text}>
      {text.slice(0, half)}…{text.slice(-half)}
    </span>
  );
}
