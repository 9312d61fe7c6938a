// Writes src/rule/schema.ts from the schema that the Rust types generate; with --check, compares instead.
import { readFileSync, writeFileSync } from "node:fs";
import { compile, type JSONSchema } from "json-schema-to-typescript";

const schemaFile = new URL("../../schema/rule.schema.json", import.meta.url);
const typesFile = new URL("../src/rule/schema.ts", import.meta.url);

/**
 * What types cannot say well is left to the engine: lists of a bounded length would become unions of tuples, and
 * "one of these fields is there" unions of objects without fields.
 */
function sayable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sayable);
  if (node === null || typeof node !== "object") return node;
  const choice = (key: string) => "properties" in node && (key === "anyOf" || key === "oneOf");
  const kept = Object.entries(node).filter(
    ([key]) => key !== "maxItems" && key !== "minItems" && !choice(key),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, sayable(value)]));
}

const schema = sayable(JSON.parse(readFileSync(schemaFile, "utf8"))) as JSONSchema;
const types = await compile(schema, "Rule", {
  bannerComment: "// Generated from schema/rule.schema.json by `npm run generate`. Never edited by hand.",
  additionalProperties: false,
});

if (process.argv.includes("--check")) {
  if (readFileSync(typesFile, "utf8") !== types) {
    process.stderr.write("src/rule/schema.ts is not what the schema says: npm run generate\n");
    process.exit(1);
  }
} else {
  writeFileSync(typesFile, types);
}
