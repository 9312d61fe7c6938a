// Puts package-lock.json into the shape that the house keeps, after `npm install` has written it.
//
// Addresses go (sponsors' pages): no build file decides where anything comes from. Programs for other systems that a
// registry does not carry are named all the same, without a checksum: `npm ci` wants every name, and fetches none of them.
import { readFileSync, writeFileSync } from "node:fs";

interface Package {
  version?: string;
  funding?: unknown;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Package> };
for (const one of Object.values(lock.packages)) {
  delete one.funding;
  for (const [name, version] of Object.entries(one.optionalDependencies ?? {})) {
    const [, system, processor] = /-(android|darwin|freebsd|linux|win32)-([a-z0-9]+)/.exec(name) ?? [];
    const place = `node_modules/${name}`;
    if (lock.packages[place] || system === undefined || processor === undefined) continue;
    lock.packages[place] = { version, dev: true, optional: true, os: [system], cpu: [processor] };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
