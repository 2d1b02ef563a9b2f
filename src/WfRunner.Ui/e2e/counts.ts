import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Says at the end how many tests passed and failed, in one line that a script can read. */
export default class Counts implements Reporter {
  private readonly outcomes = new Map<string, boolean>();
  private readonly flaky: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    this.outcomes.set(test.id, result.status === 'passed');
    if (result.status === 'passed' && result.retry > 0) {
      this.flaky.push(test.titlePath().slice(2).join(' › '));
    }
  }

  onExit(): Promise<void> {
    const passed = [...this.outcomes.values()].filter(Boolean).length;
    process.stdout.write(this.flaky.map((name) => `\nflaky: ${name}`).join(''));
    process.stdout.write(`\n${passed} passed, ${this.outcomes.size - passed} failed\n`);
    return Promise.resolve();
  }
}
