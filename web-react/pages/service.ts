// The real service on a free port, with an empty database, and a browser that looks at it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const STARTED = 180_000;

export interface Service {
  readonly address: string;
  readonly password: string;
  /** Holds the token of jobs. */
  readonly tokenFile: string;
  /** Speaks as a job does. */
  engine(path: string, body?: string): Promise<string>;
  stop(): Promise<void>;
}

function jarFile(): string {
  const file = globSync(`${root}admin-spring/target/alcedo-admin-*.jar`)[0];
  if (file === undefined) throw new Error("build first: make native jar");
  return file;
}

function lines(child: ChildProcess, wanted: readonly RegExp[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`the service did not start:\n${said}`)), STARTED);
    child.stdout?.on("data", (text: Buffer) => {
      said += text;
      const found = wanted.map((one) => one.exec(said)?.[1]);
      if (found.every((one) => one !== undefined)) {
        clearTimeout(timer);
        resolve(found as string[]);
      }
    });
    child.on("exit", (code) => reject(new Error(`the service ended with ${code}:\n${said}`)));
  });
}

export async function startService(): Promise<Service> {
  const folder = mkdtempSync(`${tmpdir()}/alcedo-pages-`);
  const options = [`--alcedo.data=${folder}`, "--server.port=0", "--server.address=127.0.0.1"];
  const child = spawn("java", ["-Xmx512m", "-jar", jarFile(), ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async () => {
    child.removeAllListeners("exit");
    if (child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [port, password] = await lines(child, [/started on port (\d+)/, /with the password (\S+)/]);
    const address = `http://127.0.0.1:${port}`;
    const tokenFile = `${folder}/engine.token`;
    const token = readFileSync(tokenFile, "utf8").trim();
    return {
      address,
      password: password ?? "",
      tokenFile,
      engine: async (path, body) => {
        const answer = await fetch(address + path, {
          method: body === undefined ? "GET" : "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
          ...(body === undefined ? {} : { body }),
        });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.text();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
