// Cards by keys: walking from one to the next, moving, taking away.

import type { KeyboardEvent } from "react";
import {
  dropCondition,
  dropIfUnused,
  findCondition,
  moveCondition,
  neighbour,
  type Slot,
} from "../rule/edit";
import { at, type Json, type Path, pointer } from "../rule/json";
import { useEditor, useT } from "./context";

const focusSoon = (path: Path) =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${pointer(path)}"]`)?.focus());

/** Moves, takes away and walks between cards, by keys. */
export function useCardKeys(path: Path) {
  const t = useT();
  const { rule, edit, announce } = useEditor();
  const moveTo = (slot: Slot | undefined) => {
    const moved = at(rule, path);
    if (!slot || moved === undefined) return announce(t("said.stays"));
    const next = moveCondition(rule, path, slot);
    edit(next);
    const there = findCondition(next, moved);
    if (there) focusSoon(there);
    announce(t("said.moved", { n: Number(there?.at(-1) ?? 0) + 1 }));
  };
  const remove = () => {
    edit(withoutOrphans(rule, dropCondition(rule, path)));
    announce(t("said.dropped"));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const own = event.target === event.currentTarget;
    const ways = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" } as const;
    const way = ways[event.key as keyof typeof ways];
    if (way && event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      moveTo(neighbour(rule, path, way));
    } else if (own && (way === "up" || way === "down")) {
      event.preventDefault();
      const cards = [...document.querySelectorAll<HTMLElement>("[data-card]")];
      cards[cards.indexOf(event.currentTarget) + (way === "down" ? 1 : -1)]?.focus();
    } else if (own && event.key === "Enter") {
      event.preventDefault();
      event.currentTarget.querySelector<HTMLElement>("input, select")?.focus();
    } else if (own && event.key === "Delete") remove();
    else if (own && event.key === "/") {
      event.preventDefault();
      event.currentTarget.closest(".conditions")?.querySelector<HTMLElement>(".add")?.click();
    } else if (!own && event.key === "Escape") event.currentTarget.focus();
    else return;
    if (event.key !== "Escape") event.stopPropagation();
  };
  return { onKeyDown, remove, moveTo };
}

/** Measures that only the condition taken away has read go with it. */
function withoutOrphans(before: Json, after: Json): Json {
  const names = Object.keys(at(before, ["measures"]) ?? {});
  const read = (tree: Json, name: string) =>
    JSON.stringify([at(tree, ["when"]), at(tree, ["trigger"])]).includes(`"${name}"`);
  return names.filter((name) => read(before, name)).reduce(dropIfUnused, after);
}
