import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Says at the end how many tests passed and failed, in one line that a script can read. */
export default class Counts implements Reporter {
  private readonly outcomes = new Map<string, boolean>();

  onTestEnd(test: TestCase, result: TestResult): void {
    this.outcomes.set(test.id, result.status === 'passed');
  }

  onExit(): Promise<void> {
    const passed = [...this.outcomes.values()].filter(Boolean).length;
    process.stdout.write(`\n${passed} passed, ${this.outcomes.size - passed} failed\n`);
    return Promise.resolve();
  }
}
