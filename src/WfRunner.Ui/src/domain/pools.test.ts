import { describe, expect, it } from 'vitest';
import { ruleInWords } from './pools';

describe('a pool rule in words', () => {
  it.each([
    [[{ type: 'project_name', operator: 'starts_with', values: ['etl_', 'raw_'] }], 'projects etl_* or raw_*'],
    [
      [
        { type: 'workflow_name', operator: 'starts_with', values: ['daily'] },
        { type: 'invocation_type', values: ['on_demand'] },
      ],
      'workflows daily*, and started: on demand',
    ],
    [[{ type: 'workflow_type', values: ['customer_journey'] }], 'workflow type customer journey'],
  ] as const)('%j is %s', (conditions, words) => {
    expect(ruleInWords({ conditions: conditions as unknown as Parameters<typeof ruleInWords>[0]['conditions'] })).toBe(words);
  });
});
