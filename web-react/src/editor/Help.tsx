import { useEffect, useRef } from "react";
import { useT } from "./context";

const KEYS = [
  ["Tab", "tab"],
  ["↑ ↓", "walk"],
  ["Enter", "open"],
  ["/", "add"],
  ["Alt+↑ Alt+↓", "move"],
  ["Alt+← Alt+→", "group"],
  ["Del", "drop"],
  ["F8", "errors"],
  ["Ctrl+Z", "undo"],
  ["Ctrl+Shift+Z", "redo"],
] as const;

/** The keys of the editor, behind a button and `?`. */
export function Help() {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
      if (event.key === "?" && !typing) dialog.current?.showModal();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()} title="?">
        {t("help.keys")}
      </button>
      <dialog ref={dialog} aria-label={t("help.keys")}>
        <h2>{t("help.keys")}</h2>
        <table>
          <tbody>
            {KEYS.map(([keys, name]) => (
              <tr key={name}>
                <th scope="row">
                  <kbd>{keys}</kbd>
                </th>
                <td>{t(`help.${name}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <form method="dialog">
          <button type="submit">{t("help.close")}</button>
        </form>
      </dialog>
    </>
  );
}
