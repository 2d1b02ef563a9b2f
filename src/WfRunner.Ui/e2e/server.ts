import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';

const development = new URL('../../WfRunner.Cli/bin/Release/net10.0/wf.dll', import.meta.url).pathname;

/** A real `wf server` of its own, with a database in a folder that goes with it. */
export class Server {
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'wf-ui-'));
  private log = '';
  port = 0;

  private constructor(private readonly settings: Record<string, string>) {}

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, after a stop on the same port. */
  async start(): Promise<void> {
    const config = join(this.folder, 'server.properties');
    const settings = {
      'executor.task_max_run': '10000',
      'digdag.secret-encryption-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
      ...this.settings,
    };
    writeFileSync(config, Object.entries(settings).map(([k, v]) => `${k}=${v}\n`).join(''));
    const binary = process.env['WF_BINARY'];
    const args = ['server', '-o', join(this.folder, 'data'), '--port', String(this.port), '-c', config];
    this.log = '';
    this.process = binary ? spawn(binary, args) : spawn('dotnet', [development, ...args]);
    const child = this.process;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.log += chunk.toString();
        const bound = /Bound on .*:(\d+) \(api\)/.exec(this.log);
        if (!bound) return;
        this.port = Number(bound[1]);
        resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
    });
  }

  /** Ends it where it stands. */
  async stop(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async api<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const isBytes = body instanceof Uint8Array;
    const response = await fetch(`${this.url}/api/${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': isBytes ? 'application/gzip' : 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Pushes files as a revision of a project. */
  async push(project: string, files: Record<string, string | Uint8Array>, revision = `r${Math.random().toString(36).slice(2, 8)}`, headers: Record<string, string> = {}): Promise<{ id: string; name: string; revision: string }> {
    const entries = Object.entries(files).map(([name, body]) => {
      const data = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      return { header: { name, size: data.length, mode: name.endsWith('.sh') ? 0o755 : 0o644, type: 'file' as const }, body: new Uint8Array(data) };
    });
    return this.api('PUT', `projects?project=${encodeURIComponent(project)}&revision=${encodeURIComponent(revision)}`, gzipSync(await packTar(entries)), headers);
  }

  async workflowId(project: string, name: string): Promise<string> {
    const { workflows } = await this.api<{ workflows: { id: string; name: string; project: { name: string } }[] }>('GET', 'workflows?count=1000');
    const found = workflows.find((w) => w.name === name && w.project.name === project);
    if (!found) throw new Error(`no workflow ${name} in ${project}`);
    return found.id;
  }

  async run(workflowId: string, sessionTime: string, params: unknown = {}, retryAttemptName?: string): Promise<{ id: string; sessionId: string }> {
    return this.api('PUT', 'attempts', { workflowId, sessionTime, params, ...(retryAttemptName === undefined ? {} : { retryAttemptName }) });
  }

  /** Waits for the end of an attempt. */
  async finished(attemptId: string): Promise<void> {
    for (;;) {
      const attempt = await this.api<{ done: boolean }>('GET', `attempts/${attemptId}`);
      if (attempt.done) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
