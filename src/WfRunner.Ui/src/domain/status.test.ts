import { describe, expect, it } from 'vitest';
import { attemptStatus, isTaskDone, statusOfWord, taskStatus } from './status';

const attempt = (done: boolean, success: boolean, cancelRequested: boolean) => ({ done, success, cancelRequested });

describe('the status of an attempt', () => {
  it.each([
    [attempt(true, true, false), 'Success', 'success'],
    [attempt(true, true, true), 'Success', 'success'],
    [attempt(true, false, true), 'Canceled', 'canceled'],
    [attempt(true, false, false), 'Failure', 'failure'],
    [attempt(false, false, true), 'Canceling', 'canceling'],
    [attempt(false, false, false), 'Running', 'running'],
    [{ ...attempt(false, false, false), status: 'queued' }, 'Queued', 'waiting'],
  ] as const)('%j is %s', (given, text, tone) => {
    expect(attemptStatus(given)).toEqual({ text, tone });
  });

  it('is pending as long as there is no attempt', () => {
    expect(attemptStatus(null).text).toBe('Pending');
    expect(attemptStatus(undefined).text).toBe('Pending');
  });
});

describe('the status of a task', () => {
  it.each([
    ['blocked', false, 'Blocked'],
    ['blocked', true, 'Canceled'],
    ['planned', true, 'Canceling'],
    ['ready', true, 'Canceling'],
    ['retry_waiting', true, 'Canceling'],
    ['group_retry_waiting', false, 'Group Retry Waiting'],
    ['running', true, 'Running'],
    ['group_error', false, 'Group Error'],
    ['canceled', false, 'Canceled'],
    ['foo', false, 'Foo'],
    ['foo_bar', true, 'Foo bar'],
    ['', false, ''],
  ])('%s with cancelRequested %s is %s', (state, cancelRequested, text) => {
    expect(taskStatus({ state, cancelRequested }).text).toBe(text);
  });

  it('knows which states are final', () => {
    expect(['success', 'error', 'group_error', 'canceled'].every(isTaskDone)).toBe(true);
    expect(['blocked', 'ready', 'running', 'planned', 'retry_waiting', 'unheard_of'].some(isTaskDone)).toBe(false);
  });
});

it.each([
  ['killed', 'Canceled'],
  ['error', 'Failure'],
  ['canceling', 'Canceling'],
  ['odd', 'Odd'],
])('the word %s of the API means %s', (word, text) => {
  expect(statusOfWord(word).text).toBe(text);
});
