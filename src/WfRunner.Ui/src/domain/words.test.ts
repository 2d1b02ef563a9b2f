import { expect, it } from 'vitest';
import { parameterWords } from '../actions/ParametersField';
import { formatBytes } from './bytes';
import { command, shellWord } from './cli';
import { matches } from './match';
import { readParameters, writeYaml } from './yaml';

it('quotes for a shell what needs it', () => {
  expect(shellWord('daily_report')).toBe('daily_report');
  expect(shellWord("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  expect(shellWord('')).toBe(`''`);
  expect(command('wf', 'start', undefined, 'a b')).toBe("wf start 'a b'");
});

it('writes flat parameters as options and nested ones as a file', () => {
  expect(parameterWords('date: 2024-05-01\n# note\nname: "a b"\nempty:\n')).toEqual(['-p', 'date=2024-05-01', '-p', 'name=a b', '-p', 'empty=']);
  expect(parameterWords('a:\n  b: 1')).toEqual(['-P', 'params.yml']);
  expect(parameterWords('a: [1, 2]')).toEqual(['-P', 'params.yml']);
});

it('reads parameters, and nothing else', () => {
  expect(readParameters('')).toEqual({});
  expect(readParameters('# only a note')).toEqual({});
  expect(readParameters('a: 1\nb: {c: [x, true]}')).toEqual({ a: 1, b: { c: ['x', true] } });
  expect(() => readParameters('- a')).toThrow(/names with values/);
  expect(() => readParameters('a: 1\na: 2')).toThrow();
  expect(() => readParameters('a: [')).toThrow();
});

it('writes values that are read back', () => {
  const value = { text: "it's: #1\nline", number: 1.5, list: [null, true, { a: '' }], 'key with space': 'yes' };
  expect(readParameters(writeYaml(value))).toEqual(value);
});

it('finds words in any order and case', () => {
  expect(matches('', 'x')).toBe(true);
  expect(matches('bill DAY', 'daily', 'billing')).toBe(false);
  expect(matches('bill DAI', 'daily', 'billing')).toBe(true);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [4_500, '4.5 kB'],
  [12_000_000, '12 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
