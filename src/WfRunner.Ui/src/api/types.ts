import type { components } from './schema';

/*
 * The REST API's models, generated from the server's own description of it (openapi.json, `npm run generate`). What is changed
 * here is what other servers do differently from ours.
 */
type Schemas = components['schemas'];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Free-form objects of the description are JSON. */
type Typed<T> = { [K in keyof T]: T[K] extends object ? (string extends keyof T[K] ? JsonObject : T[K]) : T[K] };

export type IdAndName = Schemas['IdAndName'];
export type NameOptionalId = Schemas['NameOptionalId'];
export type Project = Schemas['Project'];
export type Schedule = Schemas['Schedule'];
export type LogFile = Schemas['LogFileHandle'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type TaskTypical = Schemas['TaskTypical'];
export type Diagnostic = Schemas['Diagnostic'];
export type CheckReport = Schemas['CheckReport'];
export type Trigger = Schemas['Trigger'];
export type Pool = Schemas['Pool'];
export type PoolRule = Schemas['PoolRule'];
export type Overview = Schemas['Overview'];
export type ServerStatus = Typed<Schemas['ServerStatus']>;
export type Workflow = Typed<Schemas['Workflow']>;
export type SessionAttempt = Typed<Schemas['SessionAttempt']>;
export type AttemptEvent = Schemas['AttemptEvent'];
export type TaskEvent = Schemas['TaskEvent'];

/** Servers before 0.9 do not say who pushed. */
export type Revision = Omit<Schemas['Revision'], 'userInfo'> & { userInfo: JsonObject | null };

/** A Digdag server knows sessions whose attempt has not been made yet. */
export type Session = Omit<Schemas['Session'], 'lastAttempt'> & { lastAttempt: SessionAttempt | null };

/** Old servers tell neither the number nor the status. */
export type Attempt = Omit<Typed<Schemas['Attempt']>, 'index' | 'status'> & { index?: number; status?: string };

/** A state unknown to this page is shown as it is; the tasks of a definition have none. */
export type Task = Omit<Typed<Schemas['Task']>, 'state'> & { state: string };

/** What a server offers beyond Digdag's API; a stock server offers nothing. */
export type Features = Pick<Schemas['Features'], 'features'> & Partial<Schemas['Features']>;

export type StartRequest = Omit<Schemas['AttemptRequest'], 'params'> & { params: JsonObject };
