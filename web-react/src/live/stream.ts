// New matches, for who looks on: a hidden tab does not, and asks what it missed when it is seen again.

import { Hub, type News, openStream } from "./hub";

interface Line {
  join(tell: (news: News) => void): void;
  leave(tell: (news: News) => void): void;
}

/** By the worker that all tabs share; where a browser has none, by a stream of this tab's own. */
function line(): Line {
  if (typeof SharedWorker === "undefined") return new Hub(openStream);
  const worker = new SharedWorker(new URL("./stream.worker.ts", import.meta.url), { type: "module" });
  let told: ((news: News) => void) | undefined;
  worker.port.onmessage = ({ data }: MessageEvent<News>) => told?.(data);
  return {
    join: (tell) => {
      told = tell;
      worker.port.postMessage("join");
    },
    leave: () => {
      told = undefined;
      worker.port.postMessage("leave");
    },
  };
}

/** Tells of news while the page is seen, and that one should look when it is seen again. Ends by what it returns. */
export function follow(tell: (news: News) => void): () => void {
  const stream = line();
  let joined = false;
  const turn = (on: boolean) => {
    if (on === joined) return;
    joined = on;
    if (on) stream.join(tell);
    else stream.leave(tell);
  };
  const seen = () => {
    const back = !joined && document.visibilityState === "visible";
    turn(document.visibilityState === "visible");
    if (back) tell({ kind: "look" });
  };
  const gone = () => turn(false);
  turn(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", seen);
  // A page that is kept for "back" comes without a change of its visibility.
  window.addEventListener("pageshow", seen);
  window.addEventListener("pagehide", gone);
  return () => {
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("pageshow", seen);
    window.removeEventListener("pagehide", gone);
    turn(false);
  };
}
