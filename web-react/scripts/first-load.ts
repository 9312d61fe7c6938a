// What a browser must load before the first page shows, compressed: fails above the bound. Run after a build.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BOUND = 500_000;
const dist = new URL("../dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
const sizes = files.map((file) => [file, gzipSync(readFileSync(new URL(file, dist))).length] as const);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
process.stdout.write(`first load: ${total} bytes compressed, of at most ${BOUND}\n`);
if (files.length === 0 || total > BOUND) {
  process.stderr.write(`${sizes.map(([file, size]) => `${file} ${size}`).join("\n")}\n`);
  process.exit(1);
}
