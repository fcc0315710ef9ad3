import { parser } from '@prometheus-io/lezer-promql';

/** What a query asks for. */
export interface QueryParts {
  /** What could not be understood; empty if all could. */
  readonly errors: readonly string[];
  readonly metrics: readonly string[];
  /** In matchers and groupings. */
  readonly labels: readonly string[];
  /** What is compared with something, such as `a` and `b` of `a > 1 and b == 0`. */
  readonly compared: readonly string[];
}

/** As the grammar names the operators. */
const comparisons = ['Eql', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte'];

/** Reads PromQL as Prometheus's own editor does. */
export function parsePromql(query: string): QueryParts {
  // Grafana puts a duration there.
  const text = query.replaceAll('$__rate_interval', '5m');
  const parts = {
    errors: [] as string[],
    metrics: [] as string[],
    labels: [] as string[],
    compared: [] as string[],
  };
  parser.parse(text).iterate({
    enter: ({ type, name, from, to, node }) => {
      const said = text.slice(from, to);
      if (type.isError) parts.errors.push(`at ${String(from)}: '${text.slice(from)}'`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') parts.metrics.push(said);
      if (name === 'LabelName') parts.labels.push(said);
      if (name === 'BinaryExpr' && comparisons.some((operator) => node.getChild(operator) !== null))
        parts.compared.push(text.slice(from, node.firstChild?.to));
    },
  });
  return parts;
}
