// Writes dist/THIRD-PARTY.txt: the libraries that are really inside the built files, with the texts of their licences.
// A licence that is not named here stops the build: then somebody decides.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const ALLOWED = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD"];

/** The folder of the package that a module belongs to; none: it is the project's own. */
function folderOf(module: string): string | undefined {
  const file = module.replace(/^\0/, "").split("?")[0] ?? "";
  if (!file.includes("/node_modules/")) return undefined;
  let folder = dirname(file);
  const named = () => {
    const place = join(folder, "package.json");
    return existsSync(place) && JSON.parse(readFileSync(place, "utf8")).name !== undefined;
  };
  while (!named() && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function entryOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!ALLOWED.includes(license)) {
    throw new Error(`${name} ${version} is under ${license}: not one of ${ALLOWED.join(", ")}`);
  }
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  if (file === undefined && license !== "Apache-2.0" && license !== "MIT") {
    throw new Error(`${name} ${version} has no file with the text of ${license}`);
  }
  const text = file === undefined ? "(its package names the licence and holds no text of it)" : "";
  const words = file === undefined ? text : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version}: ${license}\n\n${words}\n`;
}

export function licenses(): Plugin {
  return {
    name: "alcedo-licenses",
    apply: "build",
    generateBundle(_options, bundle) {
      const folders = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        for (const module of chunk.type === "chunk" ? chunk.moduleIds : []) {
          const folder = folderOf(module);
          if (folder !== undefined) folders.add(folder);
        }
      }
      const entries = [...folders].sort().map(entryOf);
      const source = ["Libraries of others inside the console.\n", ...entries].join(`\n${"-".repeat(80)}\n`);
      this.emitFile({ type: "asset", fileName: "THIRD-PARTY.txt", source });
    },
  };
}
