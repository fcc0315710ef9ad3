import { parser } from '@prometheus-io/lezer-promql';

/** What a query asks for. */
export interface QueryParts {
  /** What could not be understood; empty if all could. */
  readonly errors: readonly string[];
  readonly metrics: readonly string[];
  /** In matchers and groupings. */
  readonly labels: readonly string[];
}

/** Reads PromQL as Prometheus's own editor does. */
export function parsePromql(query: string): QueryParts {
  // Grafana puts a duration there.
  const text = query.replaceAll('$__rate_interval', '5m');
  const parts = { errors: [] as string[], metrics: [] as string[], labels: [] as string[] };
  parser.parse(text).iterate({
    enter: ({ type, name, from, to, node }) => {
      const said = text.slice(from, to);
      if (type.isError) parts.errors.push(`at ${String(from)}: '${text.slice(from)}'`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') parts.metrics.push(said);
      if (name === 'LabelName') parts.labels.push(said);
    },
  });
  return parts;
}
