import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Component, lazy, Suspense, useEffect, type ReactElement, type ReactNode } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useLoginNeeded } from './api/auth';
import { ApiError, UnreachableError } from './api/client';
import { routerBase } from './api/config';
import { useFeatures } from './api/features';
import { followEvents, heardFromServer, lostServer } from './api/live';
import { Frame } from './components/Frame';
import { currentPath } from './components/urlState';
import { Problem, Skeleton } from './components/states';
import { Login } from './screens/Login';
import { Overview } from './screens/Overview';

const Workflows = lazy(() => import('./screens/Workflows'));
const WorkflowPage = lazy(() => import('./screens/Workflow'));
const RevisionWorkflowPage = lazy(() => import('./screens/RevisionWorkflow'));
const Sessions = lazy(() => import('./screens/Sessions'));
const SessionPage = lazy(() => import('./screens/session/SessionPage'));
const AttemptPage = lazy(() => import('./screens/session/AttemptPage'));
const Schedules = lazy(() => import('./screens/Schedules'));
const Projects = lazy(() => import('./screens/Projects'));
const ProjectPage = lazy(() => import('./screens/project/ProjectPage'));
const EditorPage = lazy(() => import('./screens/project/EditorPage'));
const Admin = lazy(() => import('./screens/Admin'));

const client = new QueryClient({
  queryCache: new QueryCache({
    onError: (failure) => failure instanceof UnreachableError && lostServer(),
    onSuccess: () => heardFromServer(),
  }),
  defaultOptions: {
    queries: {
      // The queries say themselves whether there is a connection: the browser's opinion does not know loopback.
      networkMode: 'always',
      staleTime: 1_000,
      retry: (count, failure) => (failure instanceof UnreachableError ? true : failure instanceof ApiError ? failure.status >= 500 && count < 2 : false),
      retryDelay: (count) => Math.min(1_000 * 2 ** count, 5_000),
    },
    mutations: { networkMode: 'always' },
  },
});

export function App(): ReactElement {
  return (
    <QueryClientProvider client={client}>
      <Router base={routerBase}>
        <Gate />
      </Router>
    </QueryClientProvider>
  );
}

/** The login takes the place of the page as long as the server refuses; the address stays, so that one lands where one wanted to go. */
function Gate(): ReactElement {
  return useLoginNeeded() ? <Login onSignedIn={() => client.resetQueries()} /> : <Screens />;
}

function Screens(): ReactElement {
  const features = useFeatures();
  const hasEvents = features?.features.includes('events') ?? false;
  useEffect(() => {
    if (!hasEvents) return;
    const stop = new AbortController();
    void followEvents(client, stop.signal);
    return () => stop.abort();
  }, [hasEvents]);
  return (
    <Frame>
      <Boundary>
        <Suspense fallback={<Skeleton />}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/workflows" component={Workflows} />
            <Route path="/workflows/:id">{({ id }) => <RevisionWorkflowPage key={id} id={id} />}</Route>
            <Route path="/sessions" component={Sessions} />
            <Route path="/sessions/:id">{({ id }) => <SessionPage key={id} sessionId={id} />}</Route>
            <Route path="/attempts/:id">{({ id }) => <AttemptPage key={id} attemptId={id} />}</Route>
            <Route path="/schedules" component={Schedules} />
            <Route path="/projects" component={Projects} />
            <Route path="/projects/new">
              <EditorPage key="new" />
            </Route>
            <Route path="/projects/:id">{({ id }) => <ProjectPage key={id} id={id} />}</Route>
            <Route path="/projects/:id/edit">{({ id }) => <EditorPage key={id} projectId={id} />}</Route>
            <Route path="/projects/:id/workflows/:name">{({ id, name }) => <WorkflowPage key={`${id}/${name}`} projectId={id} name={lastSegment()} />}</Route>
            <Route path="/admin">
              <Admin />
            </Route>
            <Route>
              <Redirect to="/" replace />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Frame>
  );
}

/** The name at the end of the address. The router decodes some of it, which would make a second decoding ambiguous. */
function lastSegment(): string {
  const text = currentPath().replace(/\/$/, '').split('/').pop() ?? '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A fault of the page itself is said, not shown as an empty screen. */
class Boundary extends Component<{ children: ReactNode }, { failure: unknown }> {
  override state: { failure: unknown } = { failure: undefined };

  static getDerivedStateFromError(failure: unknown): { failure: unknown } {
    return { failure };
  }

  override render(): ReactNode {
    if (this.state.failure === undefined) return this.props.children;
    // After an update of the server the files of the old page are gone.
    const isOld = this.state.failure instanceof Error && this.state.failure.message.includes('dynamically imported module');
    return (
      <Problem
        failure={isOld ? new Error('The server was updated. Load the page again.') : this.state.failure}
        title={isOld ? '' : 'This page failed.'}
        retry={() => location.reload()}
      />
    );
  }
}
