// Writes src/service/types.ts from the service's OpenAPI document; with --check, compares instead.
import { readFileSync, writeFileSync } from "node:fs";

const documentFile = new URL("../../admin-spring/openapi.json", import.meta.url);
const typesFile = new URL("../src/service/types.ts", import.meta.url);

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Answers that may be null; the document tells of requests alone what must be there. */
const MAYBE = new Set(
  (
    "head_revision review_revision approved_revision running_revision based_on revision expires_at revoked_at " +
    "csrf_header csrf_token name role cure min max report detail heard_at users sha256 batch_mark profile errors said"
  ).split(" "),
);
/** Answers in which such a name is always there. */
const SURE = new Set([
  "Account",
  "Token",
  "Workspace",
  "Template",
  "Hole",
  "Revision",
  "RevisionSummary",
  "Match",
  "Delivery",
  "Seen",
  "DataSet",
  "Reached",
  "Sample",
  "DisplayName",
]);

function typeOf(schema: Schema): string {
  if (schema.$ref) return schema.$ref.replace("#/components/schemas/", "");
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.type === "array") return `readonly (${typeOf(schema.items ?? {})})[]`;
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "boolean" || schema.type === "string") return schema.type;
  return "Json";
}

function interfaceOf(name: string, schema: Schema): string {
  const request = schema.required !== undefined;
  const fields = Object.entries(schema.properties ?? {}).map(([field, of]) => {
    const optional = request && !schema.required?.includes(field);
    const nullable = optional || (!request && !SURE.has(name) && MAYBE.has(field));
    const type = typeOf(of);
    return `  readonly ${field}${optional ? "?" : ""}: ${type}${nullable ? " | null" : ""};`;
  });
  return `export interface ${name} {\n${fields.join("\n")}\n}\n`;
}

/** There is none; or there is one of which the document says nothing more. */
function contentOf(content: Content | undefined): string {
  if (!content) return "undefined";
  const schema = Object.values(content)[0]?.schema;
  return schema ? typeOf(schema) : "Json";
}

function operationOf(path: string, method: string, operation: Operation): [string, string] {
  const parameters = (operation.parameters ?? []).filter(
    (one) => (one.in === "path" || one.in === "query") && !one.schema.$ref,
  );
  const given = parameters.map(
    (one) => `readonly ${one.name}${one.required ? "" : "?"}: ${typeOf(one.schema)}`,
  );
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith("2"))?.[1];
  const parts = [
    `parameters: { ${given.join("; ")} }`,
    `body: ${contentOf(operation.requestBody?.content)}`,
    `answer: ${contentOf(good?.content)}`,
  ];
  const type = `  /** ${operation.summary} */\n  ${operation.operationId}: { ${parts.join("; ")} };`;
  return [type, `  ${operation.operationId}: ["${method.toUpperCase()}", "${path}"],`];
}

/** The service's own spelling of JSON went over the document too: operation_id is operationId. */
function spelled(node: unknown, key = ""): unknown {
  if (Array.isArray(node)) return node.map((item) => spelled(item));
  if (node === null || typeof node !== "object") return node;
  const content = key === "properties" || key === "schemas" || key === "paths";
  const named = (name: string) =>
    content ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [named(name), spelled(value, name)]));
}

function written(document: Document): string {
  const operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => operationOf(path, method, operation)),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const schemas = Object.entries(document.components.schemas).filter(
    ([name]) => !/Emitter|CsrfToken/.test(name),
  );
  return [
    "// Generated from admin-spring/openapi.json by `npm run generate`. Never edited by hand.",
    'import type { Json } from "../rule/json";\n',
    ...schemas.map(([name, schema]) => interfaceOf(name, schema)),
    `export interface Operations {\n${operations.map(([type]) => type).join("\n")}\n}\n`,
    `export const OPERATIONS = {\n${operations.map(([, address]) => address).join("\n")}\n} as const;`,
  ]
    .join("\n")
    .replaceAll("SseEmitter", "undefined")
    .concat("\n");
}

const types = written(spelled(JSON.parse(readFileSync(documentFile, "utf8"))) as Document);
if (process.argv.includes("--check")) {
  if (readFileSync(typesFile, "utf8") !== types) {
    process.stderr.write("src/service/types.ts is not what the document says: npm run generate\n");
    process.exit(1);
  }
} else {
  writeFileSync(typesFile, types);
}
