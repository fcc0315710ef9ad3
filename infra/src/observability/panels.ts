/** What an operator asks, with the answer in PromQL. */
export interface Panel {
  readonly title: string;
  /** Of Grafana: `reqps`, `s`, `short`, … */
  readonly unit: string;
  readonly queries: readonly Query[];
}

export interface Query {
  readonly expr: string;
  /** Grafana puts labels where it says `{{label}}`. */
  readonly legend: string;
}

/** Panels that belong together, under a title. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The dashboard from top to bottom: first whether all is well, then where it is not. */
export const rows: readonly Row[] = [
  {
    title: 'Is the bank well?',
    panels: [
      panel('Servers that are ready', 'short', ['sum(giro_ready)', 'ready'], ['count(giro_ready)', 'there']),
      panel('Books that do not fit', 'short', ['max(giro_audit_problems)', 'branches']),
      panel('Writes decided', 'ops', [`sum by (outcome) (${rate('giro_commands_total')})`, '{{outcome}}']),
      panel('Writes refused', 'ops', [`sum by (reason) (${rate('giro_refusals_total')})`, '{{reason}}']),
      panel(
        'Batches without a decision',
        'ops',
        [`sum(${rate('giro_commits_given_up_total')})`, 'given up'],
        [`sum by (failure) (${rate('giro_commit_failures_total')})`, 'attempt: {{failure}}'],
      ),
      panel('Calls not OK', 'reqps', [
        `sum by (reason) (${rate('giro_calls_total', 'reason!="OK"')})`,
        '{{reason}}',
      ]),
    ],
  },
  {
    title: 'Calls',
    panels: [
      panel('Calls', 'reqps', [`sum by (method) (${rate('giro_calls_total')})`, '{{method}}']),
      panel('Half of the calls, by method', 's', [
        quantile(0.5, 'giro_call_duration_seconds', 'method'),
        '{{method}}',
      ]),
      panel('99 of 100 calls, by method', 's', [
        quantile(0.99, 'giro_call_duration_seconds', 'method'),
        '{{method}}',
      ]),
    ],
  },
  {
    title: 'Commits',
    panels: [
      panel('Duration of commits', 's', ...percentiles('giro_commit_duration_seconds')),
      panel('Commands of a commit', 'short', ...percentiles('giro_commit_commands')),
      panel('Commits, by mode', 'ops', [
        `sum by (mode) (${rate('giro_commit_duration_seconds_count')})`,
        '{{mode}}',
      ]),
      panel(
        'Commands that wait',
        'short',
        ['giro_commit_queue_commands', '{{instance}}'],
        ['giro_commit_queue_commands_max', '{{instance}}: most'],
      ),
      panel('The fastest growing branches', 'ops', [
        'topk(10, max by (branch) (deriv(giro_branch_position[5m])))',
        'branch {{branch}}',
      ]),
      panel('Writes asked for again', 'percentunit', [
        `sum(${rate('giro_commands_total', 'outcome="replayed"')}) / sum(${rate('giro_commands_total')})`,
        'replayed',
      ]),
    ],
  },
  {
    title: 'Database and audit',
    panels: [
      panel('Connections for reads', 'short', ['sum by (state) (giro_database_connections)', '{{state}}']),
      panel(
        'Connections opened and lost',
        'ops',
        [`sum by (use) (${rate('giro_database_connects_total')})`, 'for {{use}}'],
        [`sum(${rate('giro_database_connections_lost_total')})`, 'lost'],
      ),
      panel('Watches', 'short', ['giro_watches', '{{instance}}']),
      panel('Servers that audit', 'short', ['sum(giro_audit_active)', 'auditors']),
      panel('Entries proved', 'ops', ['sum(rate(giro_audit_entries[15m]))', 'entries']),
      panel('Since the last audit of all books', 's', [
        'time() - max(giro_audit_round_ended_timestamp_seconds > 0)',
        'age',
      ]),
    ],
  },
  {
    title: 'Processes',
    panels: [
      panel('Event-loop lag, 99th percentile', 's', ['nodejs_eventloop_lag_p99_seconds', '{{instance}}']),
      panel('Processor', 'percentunit', [rate('process_cpu_seconds_total'), '{{instance}}']),
      panel(
        'Memory',
        'bytes',
        ['process_resident_memory_bytes', '{{instance}}'],
        ['nodejs_heap_size_used_bytes', '{{instance}}: heap'],
      ),
    ],
  },
  {
    title: 'API',
    panels: [
      panel('Requests, by status', 'reqps', [
        `sum by (status) (${rate('giro_api_requests_total')})`,
        '{{status}}',
      ]),
      panel('99 of 100 requests, by route', 's', [
        quantile(0.99, 'giro_api_request_duration_seconds', 'route'),
        '{{route}}',
      ]),
      panel('Requests under way', 'short', ['giro_api_requests_in_flight', '{{instance}}']),
    ],
  },
];

function panel(title: string, unit: string, ...queries: readonly (readonly [string, string])[]): Panel {
  return { title, unit, queries: queries.map(([expr, legend]) => ({ expr, legend })) };
}

function percentiles(histogram: string): readonly (readonly [string, string])[] {
  return [
    [quantile(0.5, histogram), 'half'],
    [quantile(0.99, histogram), '99 of 100'],
  ];
}

function quantile(share: number, histogram: string, ...by: readonly string[]): string {
  const labels = ['le', ...by].join(', ');
  return `histogram_quantile(${String(share)}, sum by (${labels}) (${rate(`${histogram}_bucket`)}))`;
}

/** Over as many samples as a rate needs, which Grafana knows. */
function rate(counter: string, matcher = ''): string {
  return `rate(${counter}${matcher === '' ? '' : `{${matcher}}`}[$__rate_interval])`;
}
