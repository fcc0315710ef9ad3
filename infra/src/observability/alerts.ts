/** What to be told of, and how soon: `page` wakes somebody, `ticket` can wait for the morning. */
export interface Alert {
  /** The heading of its section in docs/operations.md. */
  readonly name: string;
  /** PromQL. */
  readonly expr: string;
  /** For how long it must be so, as Prometheus writes durations. */
  readonly for: string;
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
}

/** All alarms of a bank; docs/operations.md says of each what it means and what to do. */
export const alerts: readonly Alert[] = [
  {
    name: 'GiroBooksDoNotFit',
    expr: 'max(giro_audit_problems) > 0',
    for: '0s',
    severity: 'page',
    summary: 'Books of {{ $value }} branches do not fit their journal, digests or seals',
  },
  {
    name: 'GiroNoAudit',
    // Whoever has not looked for a day cannot tell.
    expr: 'sum(changes(giro_audit_rounds[1d])) == 0 and on () count(giro_ready offset 1d)',
    for: '1h',
    severity: 'ticket',
    summary: 'No audit of the whole bank has ended for a day',
  },
  {
    name: 'GiroNoServer',
    expr: 'absent(giro_ready)',
    for: '1m',
    severity: 'page',
    summary: 'No branch server tells anything',
  },
  {
    name: 'GiroNotReady',
    expr: 'giro_ready == 0',
    for: '1m',
    severity: 'page',
    summary: 'The branch server {{ $labels.instance }} takes no calls',
  },
  {
    name: 'GiroCommitsGivenUp',
    expr: 'sum(rate(giro_commits_given_up_total[5m])) > 0',
    for: '1m',
    severity: 'page',
    summary: 'Writes get no decision: their callers hear UNAVAILABLE or OUTCOME_UNKNOWN',
  },
  {
    name: 'GiroQueueLong',
    expr: 'giro_commit_queue_commands / giro_commit_queue_commands_max > 0.5',
    for: '1m',
    severity: 'page',
    summary: 'The commit queue of {{ $labels.instance }} is more than half full',
  },
  {
    name: 'GiroCommitsSlow',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(giro_commit_duration_seconds_bucket[5m]))) > 0.1',
    for: '10m',
    severity: 'ticket',
    summary: 'One commit in a hundred takes longer than 100 ms',
  },
  {
    name: 'GiroCommitsLocked',
    expr:
      'sum(rate(giro_commit_duration_seconds_count{mode="locked"}[10m]))' +
      ' / sum(rate(giro_commit_duration_seconds_count[10m])) > 0.5',
    for: '15m',
    severity: 'ticket',
    summary: 'More than half of the commits have to lock their branches first',
  },
  {
    name: 'GiroEventLoopLate',
    expr: 'nodejs_eventloop_lag_p99_seconds > 0.25 and on (instance) giro_ready',
    for: '5m',
    severity: 'ticket',
    summary: 'The processor of the branch server {{ $labels.instance }} is full',
  },
  {
    name: 'GiroApiFails',
    expr: 'sum(rate(giro_api_requests_total{status=~"5.."}[5m])) / sum(rate(giro_api_requests_total[5m])) > 0.01',
    for: '5m',
    severity: 'page',
    summary: 'The API answers more than one request in a hundred with a 5xx',
  },
];

/** As Prometheus reads rules from a file, and its operator from a PrometheusRule. */
export function alertGroups() {
  return [
    {
      name: 'giro',
      rules: alerts.map(({ name, expr, for: duration, severity, summary }) => ({
        alert: name,
        expr,
        for: duration,
        labels: { severity },
        annotations: { summary, runbook: `docs/operations.md#${name.toLowerCase()}` },
      })),
    },
  ];
}
