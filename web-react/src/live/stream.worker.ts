// Holds the one stream for all tabs. Each tab has a port; it says when it looks on, and when it goes.

import { Hub, type News, openStream } from "./hub";

const hub = new Hub(openStream);

(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  const tell = (news: News) => port.postMessage(news);
  port.onmessage = ({ data }: MessageEvent<"join" | "leave">) => {
    if (data === "join") hub.join(tell);
    else hub.leave(tell);
  };
};
