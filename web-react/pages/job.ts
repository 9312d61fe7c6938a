// The real Flink job, in this machine's own mini cluster: it takes its rules from the service, judges a log that is played
// to it, and tells the service what fires and what became of rules.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Service } from "./service.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Events a second of the clock, and the time between two of them in the log, ms: a quarter of an hour in 3 seconds. */
const SPEED = 30;
const STEP = 10_000;
/** Half an hour of play: it is ended long before. */
const EVENTS = SPEED * 1800;

export interface Job {
  /** What it said, for a test that failed. */
  log(): string;
  stop(): Promise<void>;
}

/** Users who view, order and do not pay, one after another. Times begin now: what is published counts from then on. */
function writeLog(file: string): void {
  const begin = Date.now();
  const lines = Array.from({ length: EVENTS }, (_, index) => {
    const user = `shopper-${Math.floor(index / 3)}`;
    const type = index % 3 === 2 ? "order" : "view";
    const event = {
      user,
      type,
      time: begin + index * STEP,
      id: `p${index}`,
      order_id: `O-${index}`,
      item: index % 7,
    };
    return JSON.stringify(event);
  });
  writeFileSync(file, `${lines.join("\n")}\n`);
}

export function startJob(service: Service): Job {
  const folder = mkdtempSync(`${tmpdir()}/alcedo-job-`);
  const jar = globSync(`${root}jvm-bridge/alcedo-job/target/alcedo-job-*[0-9].jar`)[0];
  if (jar === undefined) throw new Error("build first: make native jar");
  const flink = execFileSync("python3", [`${root}scripts/classpath.py`, "flink-2.3"], {
    encoding: "utf8",
  }).trim();
  writeLog(`${folder}/events.jsonl`);
  const options = {
    events: `${folder}/events.jsonl`,
    speed: String(SPEED),
    parallelism: "1",
    rules: `${service.address}/engine/rules`,
    "rules-token-file": service.tokenFile,
    "rules-interval": "500ms",
    "checkpoint-interval": "1s",
    "checkpoint-dir": `file://${folder}/checkpoints`,
    output: `${service.address}/engine/matches`,
    "output-token-file": service.tokenFile,
    "status-output": `${service.address}/engine/acknowledgements?job=shop`,
    "late-output": "none",
    "bad-output": "none",
  };
  const said = `${folder}/job.log`;
  const file = openSync(said, "w");
  const child = spawn(
    "java",
    [
      "-Xmx512m",
      `@${root}jvm-bridge/alcedo-flink/flink-jvm.args`,
      `-Dlog4j2.configurationFile=${root}demo/log4j2.properties`,
      `-Ddemo.log=${folder}/flink.log`,
      "-cp",
      `${jar}:${flink}`,
      "io.alcedo.job.AlcedoJob",
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    { stdio: ["ignore", file, file] },
  );
  closeSync(file);
  return {
    log: () =>
      [said, ...globSync(`${folder}/flink.log`)]
        .map((one) => readFileSync(one, "utf8").slice(-4000))
        .join("\n"),
    stop: async () => {
      if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
