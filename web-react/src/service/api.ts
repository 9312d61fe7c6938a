// The service, by the names of its operations. One way in: addresses and shapes come from its OpenAPI document.

import { compact, type Json, parseJson } from "../rule/json";
import { type FieldProblem, OPERATIONS, type Operations } from "./types";

/** How the service refuses: its `code` is a stable name, its `detail` says place, reason and cure. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    /** HTTP's; 0: nobody answered. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: readonly FieldProblem[] = [],
    readonly updatedBy?: string,
  ) {
    super(message);
  }
}

type Name = keyof Operations;
type Parameters<N extends Name> = Operations[N]["parameters"];
type Body<N extends Name> = Operations[N]["body"];
export type Answer<N extends Name> = Operations[N]["answer"];

interface Csrf {
  readonly header: string;
  readonly token: string;
}

let csrf: Csrf | undefined;
let signedOut: () => void = () => undefined;

/** Called when the service no longer knows who asks. */
export function onSignedOut(then: () => void): void {
  signedOut = then;
}

export function setCsrf(header: string | null, token: string | null): void {
  csrf = header && token ? { header, token } : undefined;
}

function addressOf(template: string, parameters: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  let path = template;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === "") continue;
    const place = `{${name}}`;
    if (path.includes(place)) path = path.replace(place, encodeURIComponent(String(value)));
    else query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

async function failureOf(answer: Response): Promise<ServiceError> {
  try {
    const problem = JSON.parse(await answer.text());
    const errors = Array.isArray(problem.errors) ? problem.errors : [];
    return new ServiceError(answer.status, problem.code, problem.detail, errors, problem.updated_by);
  } catch {
    return new ServiceError(answer.status, `http_${answer.status}`, answer.statusText);
  }
}

async function send(address: string, request: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ServiceError(0, "no_answer", "");
  }
  if (answer.ok) return answer;
  const failure = await failureOf(answer);
  if (failure.code === "not_signed_in") signedOut();
  throw failure;
}

/** Calls one operation. Its answer is JSON with every digit of its numbers, or nothing. */
export async function call<N extends Name>(
  name: N,
  parameters: Parameters<N>,
  body?: Body<N>,
  signal?: AbortSignal,
): Promise<Answer<N>> {
  const [method, path] = OPERATIONS[name];
  const headers: Record<string, string> = { accept: "application/json" };
  if (csrf && method !== "GET") headers[csrf.header] = csrf.token;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await send(addressOf(path, parameters), {
    method,
    headers,
    ...(body === undefined ? {} : { body: compact(body as unknown as Json) }),
    ...(signal ? { signal } : {}),
  });
  const text = await answer.text();
  return (text === "" ? undefined : parseJson(text)) as Answer<N>;
}

/** Sends a file as it is. */
export async function upload(name: Name, parameters: Record<string, unknown>, file: Blob, type: string) {
  const [method, path] = OPERATIONS[name];
  const headers: Record<string, string> = { accept: "application/json", "content-type": type };
  if (csrf) headers[csrf.header] = csrf.token;
  const answer = await send(addressOf(path, parameters), { method, headers, body: file });
  return parseJson(await answer.text());
}
