// For the development server only: answers the service's question about a rule by running the engine's own program, so
// that the editor is never developed against made-up answers.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const program = fileURLToPath(new URL("../../target/release/alcedo", import.meta.url));

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** The text of a definition as a rule's: the fields that the service adds stand in front. */
function asRule(body: string): string {
  const definition = body
    .slice(body.indexOf('"definition":') + '"definition":'.length, body.lastIndexOf("}"))
    .trim();
  if (!definition.startsWith("{")) return definition;
  const more = definition.slice(1).trim();
  const own = `"id": "unnamed", "revision": 1, "published_at": "${new Date().toISOString()}"`;
  return `{${own}${more === "}" ? "" : ", "}${more}`;
}

async function check(body: string): Promise<object> {
  const folder = await mkdtemp(`${tmpdir()}/alcedo-console-`);
  const file = `${folder}/rule.json`;
  try {
    await writeFile(file, asRule(body));
    const out = await new Promise<string>((resolve, reject) => {
      execFile(program, ["validate", "--json", file], (error, stdout) =>
        stdout === "" ? reject(error) : resolve(stdout),
      );
    });
    const said = JSON.parse(out);
    return {
      ok: said.ok,
      problems: said.refused.flatMap((one: { problems: object[] }) => one.problems),
      warnings: said.rules.flatMap((one: { warnings: object[] }) => one.warnings),
      report: said.report ?? null,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const verdict = await check(await textOf(request));
    response.setHeader("content-type", "application/json").end(JSON.stringify(verdict));
  } catch (error) {
    response
      .writeHead(503, { "content-type": "text/plain" })
      .end(`build the program first: make native (${error})`);
  }
}

export function engine(): Plugin {
  return {
    name: "alcedo-engine",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use("/api/rules/validate", (request, response) => void answer(request, response));
    },
  };
}
