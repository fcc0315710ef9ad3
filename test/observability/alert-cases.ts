/** Series as promtool reads them: `0+5x40` begins with 0 and grows by 5 forty times, once every interval. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** What an alert is for, and what is much like it but in order. */
export interface AlertCase {
  /** @defaultValue {@link INTERVAL} */
  readonly interval?: string;
  readonly trouble: readonly Series[];
  /** When it has been so for long enough. */
  readonly firesAt: string;
  /** When it has not. */
  readonly silentAt: string;
  /** Of the alert that fires, its severity aside. */
  readonly labels: Readonly<Record<string, string>>;
  /** What Prometheus puts in place of `{{ $value }}`. */
  readonly value?: string;
  /** Close to the limit, on the right side of it. */
  readonly order: readonly Series[];
  /** When that could have been mistaken. */
  readonly orderAt: readonly string[];
}

/** As often as the manifests have it scraped. */
export const INTERVAL = '15s';

const instance = { instance: 'server-1' };

/** By the names of the alerts. */
export const alertCases: Readonly<Record<string, AlertCase>> = {
  GiroBooksDoNotFit: {
    trouble: [
      of('giro_audit_problems', '0x20 2x20'),
      of('giro_audit_problems', '0x40', { instance: 'server-2' }),
    ],
    firesAt: '5m15s',
    silentAt: '4m',
    labels: {},
    value: '2',
    order: [of('giro_audit_problems', '0x40')],
    orderAt: ['10m'],
  },
  GiroNoAudit: {
    interval: '5m',
    // A round every ten minutes, until after half a day there is none any more.
    trouble: [of('giro_ready', '1x480'), of('giro_audit_rounds', `${growing(72, 2)} 72x335`)],
    firesAt: '37h',
    silentAt: '36h',
    labels: {},
    // One round a day, of which the first day has seen none yet; and a server that does not audit.
    order: [
      of('giro_ready', '1x576'),
      of('giro_audit_rounds', growing(2, 288)),
      of('giro_audit_rounds', '0x576', { instance: 'server-2' }),
    ],
    orderAt: ['23h', '47h'],
  },
  GiroNoServer: {
    trouble: [of('giro_ready', '1x20 stale')],
    firesAt: '6m30s',
    silentAt: '5m30s',
    labels: {},
    order: [of('giro_ready', '0x40')],
    orderAt: ['10m'],
  },
  GiroNotReady: {
    trouble: [of('giro_ready', '1x20 0x20'), of('giro_ready', '1x40', { instance: 'server-2' })],
    firesAt: '6m30s',
    silentAt: '5m45s',
    labels: instance,
    // A short failover.
    order: [of('giro_ready', '1x20 0x2 1x20')],
    orderAt: ['6m30s'],
  },
  GiroCommitsGivenUp: {
    trouble: [
      of('giro_commits_given_up_total', '0x20 1x20', { ...instance, failure: 'unavailable' }),
      of('giro_commits_given_up_total', '0x40', { ...instance, failure: 'unknown' }),
    ],
    firesAt: '6m30s',
    silentAt: '5m30s',
    labels: {},
    order: [of('giro_commits_given_up_total', '3x40', { ...instance, failure: 'unavailable' })],
    orderAt: ['10m'],
  },
  GiroQueueLong: {
    trouble: [
      of('giro_commit_queue_commands', '10x20 6000x20'),
      of('giro_commit_queue_commands_max', '10000x40'),
    ],
    firesAt: '6m30s',
    silentAt: '5m45s',
    labels: instance,
    order: [of('giro_commit_queue_commands', '4900x40'), of('giro_commit_queue_commands_max', '10000x40')],
    orderAt: ['10m'],
  },
  GiroCommitsSlow: {
    trouble: commits({ '0.05': 90, '0.1': 95, '0.25': 100, '+Inf': 100 }),
    firesAt: '15m',
    silentAt: '9m',
    labels: {},
    order: commits({ '0.05': 95, '0.1': 100, '0.25': 100, '+Inf': 100 }),
    orderAt: ['19m'],
  },
  GiroCommitsLocked: {
    trouble: [counted('optimistic', 40), counted('locked', 60)],
    firesAt: '20m',
    silentAt: '14m',
    labels: {},
    order: [counted('optimistic', 60), counted('locked', 40)],
    orderAt: ['19m'],
  },
  GiroEventLoopLate: {
    trouble: [of('nodejs_eventloop_lag_p99_seconds', '0.3x80'), of('giro_ready', '1x80')],
    firesAt: '6m',
    silentAt: '4m',
    labels: instance,
    // Of the API, which is stateless and scaled by its processor.
    order: [
      of('nodejs_eventloop_lag_p99_seconds', '0.2x80'),
      of('giro_ready', '1x80'),
      of('nodejs_eventloop_lag_p99_seconds', '0.9x80', { instance: 'api-1' }),
    ],
    orderAt: ['19m'],
  },
  GiroApiFails: {
    trouble: [answered('200', 98), answered('503', 2)],
    firesAt: '6m',
    silentAt: '4m',
    labels: {},
    order: [answered('200', 995), answered('422', 500), answered('500', 5)],
    orderAt: ['19m'],
  },
};

function of(metric: string, values: string, labels: Readonly<Record<string, string>> = instance): Series {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { series: `${metric}{${matchers.join(',')}}`, values };
}

/** From 0 on, one more after so many samples each. */
function growing(times: number, samples: number): string {
  return Array.from({ length: times }, (_, round) => `${round}x${samples - 1}`).join(' ');
}

/** A histogram that so much is added to each time. */
function commits(added: Readonly<Record<string, number>>): Series[] {
  return Object.entries(added).map(([le, count]) =>
    of('giro_commit_duration_seconds_bucket', `0+${count}x80`, { ...instance, le, mode: 'optimistic' }),
  );
}

function counted(mode: string, added: number): Series {
  return of('giro_commit_duration_seconds_count', `0+${added}x80`, { ...instance, mode });
}

function answered(status: string, added: number): Series {
  const labels = { instance: 'api-1', method: 'POST', route: '/v1/deposits', status };
  return of('giro_api_requests_total', `0+${added}x80`, labels);
}
