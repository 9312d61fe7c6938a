// What every card and field of the editor shares: the rule, how it is changed, and what the engine says of it.

import type { i18n } from "i18next";
import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import { put } from "../rule/edit";
import { at, type Json, type Path, pointer } from "../rule/json";
import type { Voice } from "../rule/voice";
import type { Problem } from "../service/engine";

export interface Suggestion {
  readonly value: string;
  /** What it is called on screens. */
  readonly label?: string;
}

/** What has been seen, to be suggested: never a limit on what may be written. */
export interface Known {
  readonly events: readonly Suggestion[];
  readonly properties: readonly Suggestion[];
  readonly tags: readonly Suggestion[];
  readonly channels: readonly Suggestion[];
}

export interface Editor {
  readonly rule: Json;
  readonly voice: Voice;
  readonly zone: string;
  readonly known: Known;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Another tree in place of this one. Changes `about` the same field, quickly after each other, are one. */
  edit(rule: Json, about?: string): void;
  /** Tells people who cannot see it what has just happened. */
  announce(text: string): void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("a field stands outside the editor");
  return editor;
}

export function useT(): i18n["t"] {
  return useTranslation().t;
}

/** What stands at a place, how to change it, and whether the engine minds. */
export function usePlace(path: Path) {
  const { rule, edit, problems, warnings } = useEditor();
  const place = pointer(path);
  const within = (one: Problem) => one.path === place || one.path.startsWith(`${place}/`);
  return {
    value: at(rule, path),
    set: (value: Json) => edit(put(rule, path, value), place),
    problems: problems.filter(within),
    warnings: warnings.filter(within),
  };
}
