import type { PoolRule } from '../api/types';

/** A rule in words: all of its conditions, each with the values of which one suffices. */
export function ruleInWords(rule: Pick<PoolRule, 'conditions'>): string {
  return rule.conditions.map((c) => {
    const values = c.values.map((v) => (c.operator === 'starts_with' ? `${v}*` : v.replaceAll('_', ' '))).join(' or ');
    switch (c.type) {
      case 'project_name':
        return `projects ${values}`;
      case 'workflow_name':
        return `workflows ${values}`;
      case 'invocation_type':
        return `started: ${values}`;
      default:
        return `${c.type.replaceAll('_', ' ')} ${values}`;
    }
  }).join(', and ');
}
