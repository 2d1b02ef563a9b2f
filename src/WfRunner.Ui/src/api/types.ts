/** The REST API's models, as a Digdag server and wf show them. Ids are strings of decimal digits. */
export interface IdAndName {
  id: string;
  name: string;
}

export interface NameOptionalId {
  id: string | null;
  name: string;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Project {
  id: string;
  name: string;
  revision: string;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  archiveType: string;
  archiveMd5: string | null;
}

export interface Revision {
  revision: string;
  createdAt: string;
  archiveType: string;
  archiveMd5: string | null;
  userInfo: JsonObject | null;
}

export interface Workflow {
  id: string;
  name: string;
  project: IdAndName;
  revision: string;
  timezone: string;
  config: JsonObject;
}

export interface Schedule {
  id: string;
  project: IdAndName;
  workflow: IdAndName;
  nextRunTime: string;
  nextScheduleTime: string;
  disabledAt: string | null;
}

export interface SessionAttempt {
  id: string;
  retryAttemptName: string | null;
  done: boolean;
  success: boolean;
  cancelRequested: boolean;
  params: JsonObject;
  createdAt: string;
  finishedAt: string | null;
}

export interface Session {
  id: string;
  project: IdAndName;
  workflow: NameOptionalId;
  sessionUuid: string;
  sessionTime: string;
  lastAttempt: SessionAttempt | null;
}

export interface Attempt extends SessionAttempt {
  index?: number;
  project: IdAndName;
  workflow: NameOptionalId;
  sessionId: string;
  sessionUuid: string;
  sessionTime: string;
  status?: string;
}

export interface Task {
  id: string;
  fullName: string;
  parentId: string | null;
  config: JsonObject;
  upstreams: string[];
  isGroup: boolean;
  state: string;
  cancelRequested: boolean;
  exportParams: JsonObject;
  storeParams: JsonObject;
  stateParams: JsonObject;
  updatedAt: string;
  retryAt: string | null;
  startedAt: string | null;
  error: JsonObject;
}

export interface LogFile {
  fileName: string;
  fileSize: number;
  taskName: string;
  fileTime: string;
  agentId: string;
  direct: string | null;
}

/** What a server offers beyond Digdag's API; a stock server offers nothing. */
export interface Features {
  features: string[];
  version?: string;
  basePath?: string;
}

export interface HistoryEntry {
  sessionId: string;
  attemptId: string;
  sessionTime: string;
  status: string;
  startedAt: string;
  finishedAt: string | null;
}

export interface Overview {
  running: number;
  failed24h: number;
  queued: number;
  lateSchedules: number;
  dueSoon: Schedule[];
  nodes: { name: string; since: string; attempts: number; tasks: number }[];
}

export interface StartRequest {
  workflowId: string;
  sessionTime: string;
  params: JsonObject;
  retryAttemptName?: string;
  resume?: { mode: 'failed'; attemptId: string } | { mode: 'from'; attemptId: string; from: string };
}
