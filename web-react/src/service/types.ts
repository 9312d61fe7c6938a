// Generated from admin-spring/openapi.json by `npm run generate`. Never edited by hand.
import type { Json } from "../rule/json";

export interface Account {
  readonly id: number;
  readonly name: string;
  readonly display_name: string;
  readonly role: "viewer" | "editor" | "approver" | "admin" | "engine";
  readonly enabled: boolean;
  readonly created_at: string;
  readonly version: number;
}

export interface AccountChange {
  readonly version: number;
  readonly display_name: string;
  readonly role: "viewer" | "editor" | "approver" | "admin" | "engine";
  readonly enabled: boolean;
}

export interface Answer {
  readonly subtask: number;
  readonly revision: number | null;
  readonly state: string;
  readonly problems: readonly (FieldProblem)[];
  readonly updated_at: string;
}

export interface Audience {
  readonly id: string;
  readonly profile: Json | null;
  readonly number: number;
  readonly sha256: string | null;
  readonly users: number | null;
  readonly examples: readonly (string)[];
  readonly batch_mark: string | null;
  readonly created_by: string;
  readonly created_at: string;
}

export interface AuditEntry {
  readonly id: number;
  readonly created_at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: "rule" | "audience" | "tags" | "template" | "workspace" | "account" | "token" | "backtest" | "data_set" | "job" | "display_name";
  readonly subject_id: string;
  readonly revision: number | null;
  readonly detail: Json | null;
}

export interface Backtest {
  readonly id: number;
  readonly rule_id: string;
  readonly data_set_id?: number | null;
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  readonly progress: number;
  readonly result?: Result | null;
  readonly failure?: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly ended_at?: string | null;
}

export interface BacktestRequest {
  readonly rule: string;
  readonly definition?: Json | null;
  readonly revision?: number | null;
  readonly data_set?: number | null;
  readonly published_at?: string | null;
  readonly compare_with?: number | null;
}

export interface Comparison {
  readonly both: number;
  readonly only_new: number;
  readonly only_old: number;
  readonly new_examples: readonly (Example)[];
  readonly old_examples: readonly (Example)[];
  readonly cut: boolean;
}

export interface Condition {
  readonly path: string;
  readonly hold: number;
  readonly begun: number;
  readonly of: number;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export interface DataSet {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly events: number;
  readonly users: number;
  readonly bad: number;
  readonly began_at: string;
  readonly ended_at: string;
  readonly created_by: string;
  readonly created_at: string;
}

export interface Delivery {
  readonly revision?: number | null;
  readonly status?: string | null;
  readonly jobs: readonly (JobDelivery)[];
}

export interface Difference {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: Json | null;
  readonly after?: Json | null;
}

export interface DisplayName {
  readonly kind: "event" | "property" | "tag";
  readonly name: string;
  readonly en: string;
  readonly zh: string;
}

export interface Done {
  readonly happened_at: string;
  readonly type?: string | null;
  readonly event: Json;
}

export interface Draft {
  readonly rule_id: string;
  readonly based_on: number | null;
  readonly body: Json;
  readonly updated_at: string;
  readonly version: number;
}

export interface DraftChange {
  readonly version: number;
  readonly based_on?: number | null;
  readonly body: Json;
}

export interface Example {
  readonly user: string;
  readonly at: string;
}

export interface Explained {
  readonly explanation: Json;
  readonly events: number;
  readonly events_since?: string | null;
  readonly cut: boolean;
  readonly fired: readonly (string)[];
}

export interface Extent {
  readonly events: number;
  readonly from: string;
  readonly to: string;
}

export interface FieldProblem {
  readonly path: string;
  readonly reason: string;
  readonly cure?: string | null;
  readonly said?: Json | null;
}

export interface Forecast {
  readonly sample?: Sample | null;
  readonly audience?: number | null;
  readonly funnel?: readonly (Reached)[] | null;
  readonly matches_per_hour?: number | null;
  readonly state_bytes?: number | null;
  readonly conditions: readonly (Condition)[];
}

export interface Hole {
  readonly name: string;
  readonly type: "text" | "event" | "property" | "tag" | "duration" | "time" | "number" | "integer";
  readonly label: Text;
  readonly default: Json;
  readonly min?: number | null;
  readonly max?: number | null;
}

export interface Job {
  readonly job: string;
  readonly subtasks: number;
  readonly subtasks_in_step: number;
  readonly silent: number;
  readonly in_step: boolean;
  readonly heard_at: string | null;
}

export interface JobDelivery {
  readonly job: string;
  readonly there: number;
  readonly subtasks: number;
  readonly silent: number;
  readonly heard_at: string | null;
  readonly others: readonly (Answer)[];
}

export interface KeptForecast {
  readonly revision: number;
  readonly made_at: string;
  readonly ended_at?: string | null;
  readonly matches_per_hour: number;
  readonly audience?: number | null;
  readonly state_bytes: number;
  readonly sample_users: number;
  readonly sample_events: number;
  readonly observed?: Observed | null;
}

export interface Made {
  readonly token: Token;
  readonly secret: string;
}

export interface Match {
  readonly id: number;
  readonly match_id: string;
  readonly rule_id: string;
  readonly revision: number;
  readonly user_id: string;
  readonly happened_at: string;
  readonly received_at: string;
  readonly receipt: Json;
}

export interface MatchPage {
  readonly items: readonly (Match)[];
  readonly total: number;
  readonly more: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly next?: string | null;
}

export interface MatchRate {
  readonly rule_id: string;
  readonly minute: string;
  readonly matches: number;
}

export interface NewAccount {
  readonly name: string;
  readonly display_name: string;
  readonly role: "viewer" | "editor" | "approver" | "admin" | "engine";
  readonly password: string;
}

export interface NewClone {
  readonly new_id: string;
  readonly revision?: number | null;
  readonly remark?: string | null;
}

export interface NewName {
  readonly kind: "event" | "property" | "tag";
  readonly name: string;
  readonly en: string;
  readonly zh: string;
}

export interface NewPassword {
  readonly password: string;
}

export interface NewRevision {
  readonly version: number;
  readonly definition: Json;
  readonly based_on?: number | null;
  readonly remark?: string | null;
}

export interface NewRule {
  readonly id: string;
  readonly workspace?: string | null;
  readonly definition: Json;
  readonly remark?: string | null;
}

export interface NewToken {
  readonly name: string;
  readonly role: "viewer" | "editor" | "approver" | "admin" | "engine";
  readonly expires_at?: string | null;
}

export interface NewWorkspace {
  readonly id: string;
  readonly name: string;
  readonly approval_required: boolean;
}

export interface Observed {
  readonly from: string;
  readonly to: string;
  readonly matches: number;
  readonly matches_per_hour: number;
}

export interface PageAccount {
  readonly items: readonly (Account)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageAudience {
  readonly items: readonly (Audience)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageAuditEntry {
  readonly items: readonly (AuditEntry)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageBacktest {
  readonly items: readonly (Backtest)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageDataSet {
  readonly items: readonly (DataSet)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageDraft {
  readonly items: readonly (Draft)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageRevisionSummary {
  readonly items: readonly (RevisionSummary)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageRule {
  readonly items: readonly (Rule)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageTemplate {
  readonly items: readonly (Template)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageToken {
  readonly items: readonly (Token)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PageWorkspace {
  readonly items: readonly (Workspace)[];
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

export interface PasswordChange {
  readonly old: string;
  readonly password: string;
}

export interface Preview {
  readonly users: number | null;
  readonly examples: readonly (string)[];
  readonly of: number;
  readonly batch_mark: string | null;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string | null;
  readonly code: "malformed_request" | "invalid_request" | "not_signed_in" | "wrong_credentials" | "forbidden" | "csrf_token_missing" | "not_found" | "method_not_allowed" | "not_acceptable" | "version_conflict" | "already_exists" | "state_forbids" | "approval_needed" | "in_use" | "too_large" | "unsupported_media_type" | "rule_refused" | "data_refused" | "idempotency_key_reused" | "too_many_attempts" | "busy" | "internal" | "unavailable";
  readonly errors: readonly (FieldProblem)[] | null;
  readonly version: number;
  readonly updated_by: string;
  readonly updated_at: string;
}

export interface Profile {
  readonly profile: Json;
}

export interface Publish {
  readonly version: number;
  readonly revision?: number | null;
  readonly count_anew?: boolean | null;
  readonly remark?: string | null;
}

export interface Reached {
  readonly step: string;
  readonly users: number;
  readonly times: number;
  readonly examples: readonly (Example)[];
}

export interface Result {
  readonly users: number;
  readonly events: number;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly funnel: readonly (Reached)[];
  readonly comparison?: Comparison | null;
}

export interface Revision {
  readonly rule_id: string;
  readonly revision: number;
  readonly kind: "edit" | "clone" | "roll_back" | "publish" | "pause" | "resume" | "stop";
  readonly based_on: number;
  readonly definition: Json;
  readonly report: Verdict;
  readonly remark: string;
  readonly created_by: string;
  readonly created_at: string;
}

export interface RevisionSummary {
  readonly revision: number;
  readonly kind: "edit" | "clone" | "roll_back" | "publish" | "pause" | "resume" | "stop";
  readonly based_on: number;
  readonly remark: string;
  readonly created_by: string;
  readonly created_at: string;
}

export interface RollBack {
  readonly version: number;
  readonly revision: number;
  readonly remark?: string | null;
}

export interface Rule {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string | null;
  readonly state: "draft" | "in_review" | "live" | "paused" | "stopped" | "archived";
  readonly head_revision: number | null;
  readonly last_revision: number;
  readonly review_revision: number | null;
  readonly approved_revision: number | null;
  readonly running_revision: number | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_by: string;
  readonly updated_at: string;
  readonly version: number;
}

export interface Sample {
  readonly share: number;
  readonly users: number;
  readonly events: number;
  readonly from: string;
  readonly to: string;
}

export interface Seen {
  readonly name: string;
  readonly times: number;
}

export interface SeenTag {
  readonly name: string | null;
  readonly users: number | null;
}

export interface Session {
  readonly name: string | null;
  readonly role: "viewer" | "editor" | "approver" | "admin" | "engine" | null;
  readonly csrf_header: string | null;
  readonly csrf_token: string | null;
}

export interface Step {
  readonly version: number;
  readonly remark?: string | null;
}

export interface Taken {
  readonly matches: number;
  readonly added: number;
}

export interface Template {
  readonly id: string;
  readonly group: string;
  readonly name: Text;
  readonly description: Text;
  readonly holes: readonly (Hole)[];
  readonly definition: Json;
}

export interface Text {
  readonly en: string;
  readonly zh: string;
}

export interface ToForecast {
  readonly id?: string | null;
  readonly definition: Json;
}

export interface ToValidate {
  readonly id?: string | null;
  readonly definition: Json;
}

export interface Token {
  readonly id: number;
  readonly name: string;
  readonly role: "viewer" | "editor" | "approver" | "admin" | "engine";
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly revoked_at: string;
}

export interface Uploaded {
  readonly batch_mark: string | null;
  readonly users: number | null;
}

export interface Values {
  readonly values: Json;
  readonly language?: string | null;
}

export interface Verdict {
  readonly ok: boolean;
  readonly problems: readonly (FieldProblem)[];
  readonly warnings: readonly (FieldProblem)[];
  readonly report?: Json | null;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly approval_required: boolean;
  readonly created_at: string;
  readonly version: number;
}

export interface WorkspaceChange {
  readonly version: number;
  readonly name: string;
  readonly approval_required: boolean;
}

export interface Operations {
  /** A log, an event a line in any order; lines that cannot be read are counted and left out */
  uploadDataSet: { parameters: { readonly name: string }; body: undefined; answer: DataSet };
  /** A new rule out of a revision of this one */
  cloneRule: { parameters: { readonly id: string }; body: NewClone; answer: Rule };
  /** A new rule; the engine refuses a definition that it cannot run */
  createRule: { parameters: {  }; body: NewRule; answer: Rule };
  /** A rule's definition out of a template; nothing is saved */
  fillTemplate: { parameters: { readonly id: string }; body: Values; answer: Json };
  /** Add a template; with its defaults it must be a rule the engine takes */
  addTemplate: { parameters: {  }; body: Template; answer: Template };
  /** All accounts, by name */
  listAccounts: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageAccount };
  /** All its versions, the newest first */
  listAudienceVersions: { parameters: { readonly id: string; readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageAudience };
  /** All tokens, revoked ones too, the oldest first */
  listTokens: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageToken };
  /** All workspaces, by id */
  listWorkspaces: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageWorkspace };
  /** Ask for somebody else's eyes on the newest content */
  submitRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Audiences, by id, each as its present version is */
  listAudiences: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageAudience };
  /** Backtests, the latest first */
  listBacktests: { parameters: { readonly rule?: string; readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageBacktest };
  /** Change an account; ends its sessions */
  changeAccount: { parameters: { readonly id: number }; body: AccountChange; answer: Account };
  /** Change one's own password; ends one's other sessions */
  changeOwnPassword: { parameters: {  }; body: PasswordChange; answer: Session };
  /** Drop one's own draft; doing so again changes nothing */
  deleteDraft: { parameters: { readonly ruleId: string }; body: undefined; answer: undefined };
  /** End a token's right; doing so again changes nothing */
  revokeToken: { parameters: { readonly id: number }; body: undefined; answer: undefined };
  /** End it; one that has ended stays as it is */
  cancelBacktest: { parameters: { readonly id: number }; body: undefined; answer: Backtest };
  /** Forget a job that is gone; one that speaks again is there again */
  forgetJob: { parameters: { readonly job: string }; body: undefined; answer: undefined };
  /** Give an account another password; ends its sessions */
  setPassword: { parameters: { readonly id: number }; body: NewPassword; answer: undefined };
  /** How events, properties and tags are called on screens */
  listDisplayNames: { parameters: {  }; body: undefined; answer: readonly (DisplayName)[] };
  /** How many a profile selects, and 20 of them; nothing is kept */
  previewAudience: { parameters: {  }; body: Profile; answer: Preview };
  /** How many events are kept, and of when */
  getEventExtent: { parameters: {  }; body: undefined; answer: Extent };
  /** How many matches came, by rule and minute of arrival; the last hour unless told, minutes without are left out */
  listMatchRates: { parameters: { readonly rule?: string; readonly from?: string; readonly to?: string }; body: undefined; answer: readonly (MatchRate)[] };
  /** It fires again */
  resumeRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** It measures on and does not fire */
  pauseRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** It runs no longer; what it counted is dropped */
  stopRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Its progress, and its result once it is done */
  getBacktest: { parameters: { readonly id: number }; body: undefined; answer: Backtest };
  /** Its revisions without their content, the newest first */
  listRevisions: { parameters: { readonly id: string; readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageRevisionSummary };
  /** Jobs that were heard of, and whether they judge by what is published */
  listJobs: { parameters: {  }; body: undefined; answer: readonly (Job)[] };
  /** Keep a draft; version 0 for one that is not there yet */
  putDraft: { parameters: { readonly ruleId: string }; body: DraftChange; answer: Draft };
  /** Let a revision run */
  publishRule: { parameters: { readonly id: string }; body: Publish; answer: Rule };
  /** Let somebody in */
  createAccount: { parameters: {  }; body: NewAccount; answer: Account };
  /** Let the revision in review be published; not one's own */
  approveRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Logs that were uploaded, the latest first */
  listDataSets: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageDataSet };
  /** Make a token; its secret is in this answer and nowhere else */
  createToken: { parameters: {  }; body: NewToken; answer: Made };
  /** Make a workspace */
  createWorkspace: { parameters: {  }; body: NewWorkspace; answer: Workspace };
  /** Matches, the latest first; `before` goes on where a page ended */
  listMatches: { parameters: { readonly rule?: string; readonly user?: string; readonly from?: string; readonly to?: string; readonly order?: "happened" | "received"; readonly before?: string; readonly offset?: number; readonly limit?: number }; body: undefined; answer: MatchPage };
  /** Members from outside: a user id a line */
  putMembers: { parameters: { readonly id: string }; body: undefined; answer: Audience };
  /** Name one of them, or name it anew */
  putDisplayName: { parameters: {  }; body: NewName; answer: undefined };
  /** New matches as server-sent events: `match` with one, `more` with how many were not shown */
  streamMatches: { parameters: { readonly rule?: string }; body: undefined; answer: undefined };
  /** On how many subtasks of which jobs a rule runs as it was published */
  getDelivery: { parameters: { readonly id: string }; body: undefined; answer: Delivery };
  /** One account */
  getAccount: { parameters: { readonly id: number }; body: undefined; answer: Account };
  /** One audience */
  getAudience: { parameters: { readonly id: string }; body: undefined; answer: Audience };
  /** One match with its receipt */
  getMatch: { parameters: { readonly matchId: string }; body: undefined; answer: Match };
  /** One revision with its content and the compile report */
  getRevision: { parameters: { readonly id: string; readonly revision: number }; body: undefined; answer: Revision };
  /** One rule; its content is in its revisions */
  getRule: { parameters: { readonly id: string }; body: undefined; answer: Rule };
  /** One template */
  getTemplate: { parameters: { readonly id: string }; body: undefined; answer: Template };
  /** One's own draft of a rule */
  getDraft: { parameters: { readonly ruleId: string }; body: undefined; answer: Draft };
  /** One's own drafts, the last changed first */
  listDrafts: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageDraft };
  /** Properties of an event type, dotted, by how often they come */
  listSeenProperties: { parameters: { readonly event: string }; body: undefined; answer: readonly (Seen)[] };
  /** Put a rule away that does not run */
  archiveRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Remove a log; results of backtests on it stay */
  removeDataSet: { parameters: { readonly id: number }; body: undefined; answer: undefined };
  /** Remove one that was added; doing so again changes nothing */
  removeTemplate: { parameters: { readonly id: string }; body: undefined; answer: undefined };
  /** Rename a workspace, or ask for a second approver in it */
  changeWorkspace: { parameters: { readonly id: string }; body: WorkspaceChange; answer: Workspace };
  /** Resolve it again; a version is added only if something differs */
  refreshAudience: { parameters: { readonly id: string }; body: undefined; answer: Audience };
  /** Rules, the last changed first */
  listRules: { parameters: { readonly search?: string; readonly state?: "draft" | "in_review" | "live" | "paused" | "stopped" | "archived"; readonly workspace?: string; readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageRule };
  /** Save another revision; takes back a review that waits */
  saveRule: { parameters: { readonly id: string }; body: NewRevision; answer: Rule };
  /** Send the revision in review back to its author */
  rejectRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Sign in; get the session again afterwards, its CSRF token is a new one */
  signIn: { parameters: {  }; body: Credentials; answer: Session };
  /** Sign out */
  signOut: { parameters: {  }; body: undefined; answer: undefined };
  /** Tags of some 2000 users, by how many have them */
  listSeenTags: { parameters: {  }; body: undefined; answer: readonly (SeenTag)[] };
  /** Take a name away; the log's own is shown again */
  removeDisplayName: { parameters: { readonly kind: "event" | "property" | "tag"; readonly name: string }; body: undefined; answer: undefined };
  /** Take a rule out of the archive, as a draft */
  restoreRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Take the revision out of review */
  withdrawRule: { parameters: { readonly id: string }; body: Step; answer: Rule };
  /** Templates, by group and id */
  listTemplates: { parameters: { readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageTemplate };
  /** The content of an older revision as the newest one; publish it to let it run */
  rollBackRule: { parameters: { readonly id: string }; body: RollBack; answer: Rule };
  /** Try a rule on a log, in the background */
  startBacktest: { parameters: {  }; body: BacktestRequest; answer: Backtest };
  /** Types of the latest 2000 events, the most frequent first */
  listSeenEvents: { parameters: {  }; body: undefined; answer: readonly (Seen)[] };
  /** Up to 20 users that did something of late and whose id begins so */
  findUsers: { parameters: { readonly beginning?: string }; body: undefined; answer: readonly (string)[] };
  /** Users' tags: a table with a column `user`, or JSON objects with that member; all of it is taken, or nothing */
  uploadTags: { parameters: { readonly replace?: boolean }; body: undefined; answer: Uploaded };
  /** Values of a property of an event type, the most frequent first */
  listSeenValues: { parameters: { readonly event: string; readonly property: string }; body: undefined; answer: readonly (Seen)[] };
  /** Values of a tag, by how many of some 2000 users have them; of a list, each of its values */
  listSeenTagValues: { parameters: { readonly tag: string }; body: undefined; answer: readonly (SeenTag)[] };
  /** What a definition would do, from a sample of recent events; nothing is saved */
  forecastRule: { parameters: {  }; body: ToForecast; answer: Forecast };
  /** What a user did, the oldest first; the latest if there are more */
  listUserEvents: { parameters: { readonly user: string; readonly from?: string; readonly to?: string; readonly limit?: number }; body: undefined; answer: readonly (Done)[] };
  /** What the engine says about a definition; nothing is saved */
  validateRule: { parameters: {  }; body: ToValidate; answer: Verdict };
  /** What was expected of its latest 20 published revisions, the newest first, and what came */
  listForecasts: { parameters: { readonly id: string }; body: undefined; answer: readonly (KeptForecast)[] };
  /** Where two revisions differ */
  diffRevisions: { parameters: { readonly id: string; readonly from: number; readonly to: number }; body: undefined; answer: readonly (Difference)[] };
  /** Who did what, the latest first */
  listAudit: { parameters: { readonly subject?: "rule" | "audience" | "tags" | "template" | "workspace" | "account" | "token" | "backtest" | "data_set" | "job" | "display_name"; readonly subject_id?: string; readonly actor?: string; readonly offset?: number; readonly limit?: number }; body: undefined; answer: PageAuditEntry };
  /** Who is signed in, if anybody; and the CSRF token to send along */
  getSession: { parameters: {  }; body: undefined; answer: Session };
  /** Why a rule fires for a user at a moment, or does not: all reasons, and what is missing */
  explainUser: { parameters: { readonly user: string; readonly rule: string; readonly revision?: number; readonly at?: string }; body: undefined; answer: Explained };
}

export const OPERATIONS = {
  uploadDataSet: ["POST", "/api/data_sets"],
  cloneRule: ["POST", "/api/rules/{id}/clone"],
  createRule: ["POST", "/api/rules"],
  fillTemplate: ["POST", "/api/templates/{id}/fill"],
  addTemplate: ["POST", "/api/templates"],
  listAccounts: ["GET", "/api/accounts"],
  listAudienceVersions: ["GET", "/api/audiences/{id}/versions"],
  listTokens: ["GET", "/api/tokens"],
  listWorkspaces: ["GET", "/api/workspaces"],
  submitRule: ["POST", "/api/rules/{id}/submit"],
  listAudiences: ["GET", "/api/audiences"],
  listBacktests: ["GET", "/api/backtests"],
  changeAccount: ["PUT", "/api/accounts/{id}"],
  changeOwnPassword: ["PUT", "/api/session/password"],
  deleteDraft: ["DELETE", "/api/drafts/{ruleId}"],
  revokeToken: ["DELETE", "/api/tokens/{id}"],
  cancelBacktest: ["POST", "/api/backtests/{id}/cancel"],
  forgetJob: ["DELETE", "/api/jobs/{job}"],
  setPassword: ["PUT", "/api/accounts/{id}/password"],
  listDisplayNames: ["GET", "/api/display_names"],
  previewAudience: ["POST", "/api/audiences/preview"],
  getEventExtent: ["GET", "/api/events/extent"],
  listMatchRates: ["GET", "/api/match_rates"],
  resumeRule: ["POST", "/api/rules/{id}/resume"],
  pauseRule: ["POST", "/api/rules/{id}/pause"],
  stopRule: ["POST", "/api/rules/{id}/stop"],
  getBacktest: ["GET", "/api/backtests/{id}"],
  listRevisions: ["GET", "/api/rules/{id}/revisions"],
  listJobs: ["GET", "/api/jobs"],
  putDraft: ["PUT", "/api/drafts/{ruleId}"],
  publishRule: ["POST", "/api/rules/{id}/publish"],
  createAccount: ["POST", "/api/accounts"],
  approveRule: ["POST", "/api/rules/{id}/approve"],
  listDataSets: ["GET", "/api/data_sets"],
  createToken: ["POST", "/api/tokens"],
  createWorkspace: ["POST", "/api/workspaces"],
  listMatches: ["GET", "/api/matches"],
  putMembers: ["PUT", "/api/audiences/{id}/members"],
  putDisplayName: ["PUT", "/api/display_names"],
  streamMatches: ["GET", "/api/match_stream"],
  getDelivery: ["GET", "/api/rules/{id}/delivery"],
  getAccount: ["GET", "/api/accounts/{id}"],
  getAudience: ["GET", "/api/audiences/{id}"],
  getMatch: ["GET", "/api/matches/{matchId}"],
  getRevision: ["GET", "/api/rules/{id}/revisions/{revision}"],
  getRule: ["GET", "/api/rules/{id}"],
  getTemplate: ["GET", "/api/templates/{id}"],
  getDraft: ["GET", "/api/drafts/{ruleId}"],
  listDrafts: ["GET", "/api/drafts"],
  listSeenProperties: ["GET", "/api/seen/properties"],
  archiveRule: ["POST", "/api/rules/{id}/archive"],
  removeDataSet: ["DELETE", "/api/data_sets/{id}"],
  removeTemplate: ["DELETE", "/api/templates/{id}"],
  changeWorkspace: ["PUT", "/api/workspaces/{id}"],
  refreshAudience: ["POST", "/api/audiences/{id}/refresh"],
  listRules: ["GET", "/api/rules"],
  saveRule: ["POST", "/api/rules/{id}/revisions"],
  rejectRule: ["POST", "/api/rules/{id}/reject"],
  signIn: ["POST", "/api/session"],
  signOut: ["DELETE", "/api/session"],
  listSeenTags: ["GET", "/api/seen/tags"],
  removeDisplayName: ["DELETE", "/api/display_names"],
  restoreRule: ["POST", "/api/rules/{id}/restore"],
  withdrawRule: ["POST", "/api/rules/{id}/withdraw"],
  listTemplates: ["GET", "/api/templates"],
  rollBackRule: ["POST", "/api/rules/{id}/roll_back"],
  startBacktest: ["POST", "/api/backtests"],
  listSeenEvents: ["GET", "/api/seen/events"],
  findUsers: ["GET", "/api/users"],
  uploadTags: ["POST", "/api/tags"],
  listSeenValues: ["GET", "/api/seen/values"],
  listSeenTagValues: ["GET", "/api/seen/tag_values"],
  forecastRule: ["POST", "/api/forecast"],
  listUserEvents: ["GET", "/api/user_events"],
  validateRule: ["POST", "/api/rules/validate"],
  listForecasts: ["GET", "/api/rules/{id}/forecasts"],
  diffRevisions: ["GET", "/api/rules/{id}/diff"],
  listAudit: ["GET", "/api/audit"],
  getSession: ["GET", "/api/session"],
  explainUser: ["GET", "/api/explanation"],
} as const;
